"""news-please: an article of HTML that is there already; nothing is fetched."""

from __future__ import annotations

from newsplease import NewsPlease

from bench.peers.protocol import Answer, iso, paragraphs, serve, text_of


def read(body: bytes, url: str | None) -> Answer:
    article = NewsPlease.from_html(text_of(body), url=url, fetch_images=False)
    return {
        "title": article.title,
        "authors": list(article.authors or ()),
        "date": iso(article.date_publish),
        "body": paragraphs(article.maintext),
        "summary": article.description,
        "lang": article.language,
    }


if __name__ == "__main__":
    serve(read)
