from __future__ import annotations

import pytest

from pipelines import read_article, read_page
from pipelines.verdict import walls
from pipelines.verdict.walls import read_wall

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PROSE = "".join(
    f"<p>On {day} the harbour master counted {n} boats, then counted them again by lamplight, since nobody at the council had "
    f"believed what he wrote down the week before, nor on the {n}th of the month before that.</p>"
    for n, day in enumerate(DAYS * 2, start=11)
)


def wall(html: str, **headers: str) -> str | None:
    page = read_page(html.encode(), url="https://quay.example/2026/05/a-story", headers=tuple(headers.items()))
    return read_wall(page, read_article(page).blocks)


def notice(title: str, text: str) -> str:
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "This takes a few seconds."),
        ("quay.example", "Checking your browser before you go on."),
        ("One more step", "Please verify that you are human to read this page."),
        ("Sicherheitsabfrage", "Bitte bestätigen Sie, dass Sie ein Mensch sind."),
        ("Un instant", "Vérifiez que vous êtes bien humain pour continuer."),
        ("Un momento", "Verifica que eres humano."),
        ("Проверка", "Подтвердите, что вы не робот."),
        ("安全验证", "请完成安全验证后继续访问。"),
    ],
)
def test_a_test_for_humans_is_a_wall(title: str, text: str) -> None:
    assert wall(notice(title, text)) == walls.HUMAN


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Access denied", "You do not have permission to see this page. Reference 18.2.", walls.REFUSED),
        ("Zugriff verweigert", "Ihre Anfrage wurde abgelehnt.", walls.REFUSED),
        ("Slow down", "Too many requests from your network. Try again in a while.", walls.TOO_MANY),
        ("Trop de requêtes", "Merci de patienter.", walls.TOO_MANY),
        ("The Quay", "Please enable JavaScript to use this site.", walls.SCRIPTS),
        ("El Muelle", "Active JavaScript para continuar.", walls.SCRIPTS),
    ],
)
def test_a_refusal_is_a_wall(title: str, text: str, said: str) -> None:
    assert wall(notice(title, text)) == said


def test_a_page_that_only_asks_for_consent_is_a_wall() -> None:
    asked = "We and our 812 partners store cookies on your device to show you advertisements and to measure them."
    more = "You may accept all cookies, or manage your choices. Your consent can be withdrawn at any time."
    html = f'<title>The Quay</title><div class="cookie-consent"><p>{asked}</p><p>{more}</p><button>Accept all</button></div>'
    assert wall(html) == walls.CONSENT


def test_a_server_may_mark_a_test_by_a_header() -> None:
    assert wall(notice("Hello", "Nothing to see."), **{"CF-Mitigated": "challenge"}) == walls.HUMAN


@pytest.mark.parametrize(
    "html",
    [
        f"<title>Why every site asks whether you are a robot</title><article><h1>Are you a robot?</h1>{PROSE}</article>",
        f"<title>Access denied: the pier after the storm</title><article><h1>Access denied</h1>{PROSE}</article>",
        f'<title>The boats</title><article>{PROSE}</article><div class="cookie-banner"><p>We store cookies.</p></div>',
        "<title>Contact</title><form><p>Write to us, we answer within a day.</p><input name=mail><button>Send</button></form>",
        "<title>Page not found</title><h1>Page not found</h1><p>It may have been moved.</p>",
        "<title>The Quay</title><p>Nothing was published in this section yet.</p>",
    ],
    ids=["about walls", "about a closed pier", "story over a banner", "form", "not found", "empty section"],
)
def test_other_pages_are_none(html: str) -> None:
    assert wall(html) is None
