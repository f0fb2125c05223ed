from __future__ import annotations

import pytest

from pipelines import read_article, read_page
from pipelines.verdict import walls
from pipelines.verdict.walls import is_door, read_wall

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


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Log in", "Please log in to your account to go on reading this article."),
        ("Sign in to continue", "Enter your e-mail address and password below."),
        ("Login | The Quay", "E-mail address. Password."),
        ("The boats in the harbour", "You must be signed in to see this page."),
        ("Anmelden", "Mit Ihrem Konto lesen Sie weiter."),
        ("Die Boote im Hafen", "Bitte melden Sie sich an, um weiterzulesen."),
        ("Connexion", "Adresse électronique, mot de passe."),
        ("Los barcos", "Inicia sesión para seguir leyendo."),
    ],
)
def test_a_log_in_is_a_wall(title: str, text: str) -> None:
    assert wall(notice(title, text)) == walls.LOGIN


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("500 Internal Server Error", "Something went wrong. Please try again later."),
        ("Oops", "We are sorry, an error occurred while we were loading this page."),
        ("Something went wrong", "Please try again in a few minutes."),
        ("Service unavailable", "We will be back soon."),
        ("Error 502 | The Quay", "nginx"),
        ("The Quay", "Our presses are down for maintenance. Please check back soon."),
        ("Der Kai", "Es ist ein Fehler aufgetreten."),
        ("Le Quai", "Une erreur est survenue, merci de réessayer."),
    ],
)
def test_an_error_of_the_server_is_a_wall_whatever_its_status(title: str, text: str) -> None:
    assert wall(notice(title, text)) == walls.ERROR


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/login?next=/a", True),
        ("/user/sign-in", True),
        ("/wp-login.php", True),
        ("/2026/05/a-story", False),
        ("/2026/05/how-to-login-safely", False),
        ("/news/register-of-ships", False),
    ],
)
def test_a_log_in_at_an_address_of_its_own_is_told_by_the_address(path: str, door: bool) -> None:
    assert is_door(f"https://quay.example{path}") is door


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
        f"<title>Please log in: a year without passwords</title><article><h1>Please log in</h1>{PROSE}</article>",
        f"<title>500 jobs lost</title><article><h1>500 jobs lost at the shipyard</h1>{PROSE}</article>",
        "<title>500 jobs lost</title><h1>500 jobs lost at the shipyard</h1><p>More soon.</p>",
        "<title>The Quay</title><nav><a href='/login'>Log in</a></nav><h1>Something in the air</h1><p>More soon.</p>",
        "<title>The Quay</title><p>Nothing was published in this section yet.</p>",
    ],
    ids=[
        "about walls",
        "about a closed pier",
        "story over a banner",
        "form",
        "not found",
        "about passwords",
        "jobs",
        "jobs in short",
        "link to a log-in",
        "empty section",
    ],
)
def test_other_pages_are_none(html: str) -> None:
    assert wall(html) is None
