"""What the newspaper prints around its stories, in each of its languages, and how it writes dates and bylines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed phrases of one language."""

    by: str
    and_: str
    updated: str
    topics: str
    related: str
    read_also: str
    most_read: str
    home: str
    share: str
    newsletter: str
    newsletter_text: str
    cookies: str
    comments: str
    comment_prompt: str
    leave_reply: str
    about_author: str
    advertisement: str
    advert_text: str
    paywall: str
    minutes: str
    next_page: str
    visits: str
    """With `{}` for the number of visits."""
    legal: str
    months: tuple[str, ...]


WORDS = {
    "en": Words(
        by="By",
        and_="and",
        updated="Updated",
        topics="Topics",
        related="Related stories",
        read_also="Read also",
        most_read="Most read",
        home="Home",
        share="Share this story",
        newsletter="The Courier by post",
        newsletter_text="Sign up for our morning letter and have the news of the islands before the first ferry sails.",
        cookies="We keep two small cookies to remember your tide table and your language. You may refuse both.",
        comments="Comments",
        comment_prompt="Sign in to tell other readers what you think about this story.",
        leave_reply="Leave a reply",
        about_author="About the author",
        advertisement="Advertisement",
        advert_text="Nordvik's Oilskins: dry since 1911. Everything ten per cent off until the end of the gale season.",
        paywall="This story is for subscribers. Take out a trial month for two crowns to go on reading.",
        minutes="min read",
        next_page="Next page",
        visits="This page has been called up {} times since the server was started.",
        legal="All rights reserved. Reproduction only with the written consent of the publisher.",
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    ),
    "de": Words(
        by="Von",
        and_="und",
        updated="Aktualisiert",
        topics="Themen",
        related="Mehr zum Thema",
        read_also="Lesen Sie auch",
        most_read="Meistgelesen",
        home="Startseite",
        share="Artikel teilen",
        newsletter="Der Courier am Morgen",
        newsletter_text="Abonnieren Sie unseren Newsletter und lesen Sie die Nachrichten der Inseln vor der ersten Fähre.",
        cookies="Wir setzen zwei kleine Cookies für Gezeitentafel und Sprache. Sie dürfen beide ablehnen.",
        comments="Kommentare",
        comment_prompt="Melden Sie sich an, um diesen Artikel zu kommentieren.",
        leave_reply="Schreiben Sie einen Kommentar",
        about_author="Über den Autor",
        advertisement="Anzeige",
        advert_text="Nordviks Ölzeug: trocken seit 1911. Bis zum Ende der Sturmzeit zehn Prozent auf alles.",
        paywall="Dieser Artikel ist unseren Abonnenten vorbehalten. Testen Sie einen Monat für zwei Kronen.",
        minutes="Min. Lesezeit",
        next_page="Nächste Seite",
        visits="Diese Seite wurde seit dem Start des Servers {} Mal aufgerufen.",
        legal="Alle Rechte vorbehalten. Nachdruck nur mit schriftlicher Genehmigung des Verlags.",
        months=(
            *("Januar", "Februar", "März", "April", "Mai", "Juni"),
            *("Juli", "August", "September", "Oktober", "November", "Dezember"),
        ),
    ),
    "fr": Words(
        by="Par",
        and_="et",
        updated="Mis à jour le",
        topics="Thèmes",
        related="Sur le même sujet",
        read_also="À lire aussi",
        most_read="Les plus lus",
        home="Accueil",
        share="Partager cet article",
        newsletter="Le Courier du matin",
        newsletter_text="Inscrivez-vous à notre lettre et recevez les nouvelles des îles avant le premier bac.",
        cookies="Nous déposons deux petits cookies pour les marées et la langue. Vous pouvez refuser les deux.",
        comments="Commentaires",
        comment_prompt="Connectez-vous pour commenter cet article.",
        leave_reply="Laisser un commentaire",
        about_author="À propos de l'auteur",
        advertisement="Publicité",
        advert_text="Les cirés Nordvik : au sec depuis 1911. Dix pour cent de remise jusqu'à la fin des tempêtes.",
        paywall="Cet article est réservé à nos abonnés. Essayez un mois pour deux couronnes.",
        minutes="min de lecture",
        next_page="Page suivante",
        visits="Cette page a été demandée {} fois depuis le démarrage du serveur.",
        legal="Tous droits réservés. Reproduction soumise à l'accord écrit de l'éditeur.",
        months=(
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
    ),
    "es": Words(
        by="Por",
        and_="y",
        updated="Actualizado el",
        topics="Temas",
        related="Noticias relacionadas",
        read_also="Lea también",
        most_read="Lo más leído",
        home="Portada",
        share="Compartir esta noticia",
        newsletter="El Courier de la mañana",
        newsletter_text="Suscríbase a nuestro boletín y lea las noticias de las islas antes del primer ferry.",
        cookies="Guardamos dos pequeñas cookies para las mareas y el idioma. Puede rechazar ambas.",
        comments="Comentarios",
        comment_prompt="Inicie sesión para comentar esta noticia.",
        leave_reply="Deja un comentario",
        about_author="Sobre el autor",
        advertisement="Publicidad",
        advert_text="Impermeables Nordvik: secos desde 1911. Diez por ciento de descuento hasta que acaben los temporales.",
        paywall="Esta noticia es solo para suscriptores. Pruebe un mes por dos coronas.",
        minutes="min de lectura",
        next_page="Página siguiente",
        visits="Esta página se ha pedido {} veces desde que arrancó el servidor.",
        legal="Todos los derechos reservados. Reproducción solo con permiso escrito de la editorial.",
        months=(
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
    ),
}


def printed_date(moment: datetime, lang: str) -> str:
    """Day and time as a reader sees them, in the moment's own zone, which is not printed: `14 September 2026, 9:15`."""
    month = WORDS[lang].months[moment.month - 1]
    time = f"{moment.hour}:{moment:%M}"
    return {
        "en": f"{moment.day} {month} {moment.year}, {time}",
        "de": f"{moment.day}. {month} {moment.year}, {time} Uhr",
        "fr": f"{moment.day} {month} {moment.year} à {moment.hour}h{moment:%M}",
        "es": f"{moment.day} de {month} de {moment.year}, {time}",
    }[lang]


def months_between(earlier: datetime, now: datetime) -> int:
    """Calendar months from one moment to another, at least 1: how the creator layout counts."""
    return max(1, (now.year - earlier.year) * 12 + now.month - earlier.month)


def printed_age(moment: datetime, now: datetime) -> str:
    """`3 months ago`."""
    months = months_between(moment, now)
    return f"{months} month{'s' if months > 1 else ''} ago"


def joined_names(names: Sequence[str], lang: str) -> str:
    """Names as a byline joins them: `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {WORDS[lang].and_} {names[-1]}"
