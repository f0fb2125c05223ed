"""newspaper4k: an article of HTML that is there already; nothing is fetched."""

from __future__ import annotations

import newspaper

from bench.peers.protocol import Answer, iso, paragraphs, serve, text_of


def read(body: bytes, url: str | None) -> Answer:
    article = newspaper.article(url or "https://page.invalid/", input_html=text_of(body), fetch_images=False)
    return {
        "title": article.title or None,
        "authors": list(article.authors),
        "date": iso(article.publish_date),
        "body": paragraphs(article.text),
        "summary": article.meta_description or None,
        "lang": article.meta_lang or None,
    }


if __name__ == "__main__":
    serve(read)
