"""goose3: an article of HTML that is there already; no pictures are fetched."""

from __future__ import annotations

from goose3 import Goose

from bench.peers.protocol import Answer, iso, paragraphs, serve, text_of

GOOSE = Goose({"enable_image_fetching": False})


def read(body: bytes, url: str | None) -> Answer:
    article = GOOSE.extract(raw_html=text_of(body))
    return {
        "title": article.title or None,
        "authors": list(article.authors or ()),
        "date": iso(article.publish_datetime_utc or article.publish_date),
        "body": paragraphs(article.cleaned_text),
        "summary": article.meta_description or None,
        "lang": article.meta_lang or None,
    }


if __name__ == "__main__":
    serve(read)
