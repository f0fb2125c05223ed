"""Images that stand among the blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipelines.page.addresses import Resolver
from pipelines.page.elements import image_address
from pipelines.page.marks import Draft
from pipelines.page.page import Block, Image, Kind
from pipelines.page.spaces import collapse

_CREDIT_WORDS = frozenset({"credit", "credits", "copyright", "photographer"})


def read_image(attrib: dict[str, str], resolve: Resolver, block: int) -> Image | None:
    """Read an `img` element; None for tracking pixels and pictures without address."""
    address = image_address(attrib)
    return Image(resolve(address), collapse(attrib.get("alt", "")), block=block) if address else None


def caption_images(images: Iterable[Image], blocks: Iterable[Block], drafts: Iterable[Draft]) -> list[Image]:
    """Give the images of a figure its caption and credit, where they have none of their own."""
    caption = " ".join(block.text for block in blocks if block.kind is Kind.CAPTION)
    named = (draft.text for draft in drafts if not _CREDIT_WORDS.isdisjoint(draft.node.tokens))
    credit = next(filter(None, named), "")
    return [replace(image, caption=image.caption or caption, credit=image.credit or credit) for image in images]
