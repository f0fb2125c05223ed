"""Words that addresses and links are made of, in the languages and systems that were looked at.

All are compared with whole segments of a path, never with parts: `/about` is a page about the site, `/about-last-night` may be
an article.
"""

from __future__ import annotations

import re

FILE_EXTENSIONS = frozenset(
    {
        "jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "ico", "bmp", "tif", "tiff", "heic", "mp3", "m4a", "ogg", "oga",
        "opus", "wav", "flac", "mp4", "m4v", "webm", "mov", "avi", "mkv", "mpg", "mpeg", "wmv", "m3u8", "pdf", "doc",
        "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "tsv", "ppt", "pptx", "odp", "epub", "mobi", "zip", "gz", "bz2",
        "xz", "tar", "tgz", "rar", "exe", "dmg", "apk", "iso", "deb", "rpm", "msi", "jar", "css", "js", "mjs", "map",
        "json", "jsonld", "xml", "rss", "atom", "rdf", "ics", "vcf", "txt", "md", "rst", "ipynb", "tex", "bib", "ris",
        "torrent", "webmanifest", "woff", "woff2", "ttf", "eot", "xsl", "wasm",
    }
)  # fmt: skip

NO_ARTICLE_WORDS = frozenset(
    {
        "about", "about-us", "aboutus", "about-me", "who-we-are", "our-team", "team", "masthead", "staff", "newsroom",
        "colophon", "ueber", "ueber-uns", "uber-uns", "über-uns", "ueber-mich", "uber", "redaktion", "wir-ueber-uns",
        "quienes-somos", "quiénes-somos", "sobre", "sobre-nosotros", "sobre-mi", "sobre-nos", "quem-somos", "a-propos",
        "à-propos", "apropos", "qui-sommes-nous", "chi-siamo", "over-ons", "om", "om-os", "om-oss", "o-nas", "om-mig",
        "contact", "contact-us", "contactus", "contacts", "kontakt", "kontakta", "contacto", "contato", "contactos",
        "contatti", "contactez-nous", "nous-contacter", "feedback", "tip-us", "impressum", "imprint", "imprensa", "privacy",
        "privacy-policy", "privacy-notice", "privacy-statement", "privacypolicy", "datenschutz", "datenschutzerklaerung",
        "datenschutzerklarung", "datenschutzerklärung", "datenschutzhinweise", "confidentialite",
        "politique-de-confidentialite", "politica-de-privacidad", "politica-de-privacidade", "privacidad", "privacidade",
        "aviso-de-privacidad", "integritet", "cookies", "cookie", "cookie-policy", "cookie-settings", "politica-de-cookies",
        "cookie-richtlinie", "donnees-personnelles", "terms", "terms-of-use", "terms-of-service", "terms-and-conditions",
        "terms-conditions", "termsofuse", "tos", "conditions", "agb", "nutzungsbedingungen", "cgu", "cgv",
        "conditions-generales", "legal", "legal-notice", "mentions-legales", "aviso-legal", "terminos-y-condiciones",
        "condiciones-de-uso", "note-legali", "disclaimer", "copyright", "licence", "license", "licensing", "accessibility",
        "accessibility-statement", "barrierefreiheit", "accessibilite", "ethics", "editorial-policy", "corrections-policy",
        "community-guidelines", "code-of-conduct", "netiquette", "help", "hilfe", "aide", "ayuda", "ajuda", "support",
        "faq", "faqs", "login", "log-in", "logon", "signin", "sign-in", "signup", "sign-up", "register", "registration",
        "anmelden", "registrieren", "abmelden", "connexion", "inscription", "iniciar-sesion", "logout", "log-out",
        "signout", "account", "my-account", "myaccount", "mein-konto", "mon-compte", "mi-cuenta", "profile", "profil",
        "settings", "preferences", "password", "forgot-password", "subscribe", "subscription", "subscriptions", "abo",
        "abos", "abonnement", "abonnements", "abonnieren", "suscribete", "suscripcion", "suscripciones", "assine",
        "membership", "join", "donate", "donation", "donations", "spenden", "support-us", "newsletter", "newsletters",
        "rss", "rss-feeds", "feed", "feeds", "atom", "podcast-feed", "sitemap", "site-map", "plan-du-site", "advertise",
        "advertise-with-us", "advertising", "werbung", "mediadaten", "publicite", "publicidad", "publicidade", "media-kit",
        "jobs", "careers", "karriere", "work-with-us", "stellenangebote", "shop", "store", "cart", "checkout", "warenkorb",
        "basket", "search", "suche", "recherche", "rechercher", "buscar", "busca", "cerca", "zoeken", "sok", "apps", "app",
        "mobile-apps", "authors", "author", "autoren", "autor", "autores", "auteurs", "writers", "contributors", "tags",
        "tag", "users", "members", "blogroll", "links", "guestbook", "portfolio", "resume", "cv", "lebenslauf", "wp-login",
        "xmlrpc", "404", "500", "offline", "share", "print", "email", "comments", "user", "home", "write-for-us", "submit",
        "submissions", "bookmarks", "saved", "notifications", "manage-consent", "consent", "do-not-sell", "unsubscribe",
    }
)  # fmt: skip
"""Last segments of pages about the site and its readers."""

NO_ARTICLE_FOLDERS = frozenset(
    {
        "tag", "tags", "author", "authors", "autor", "autores", "autoren", "auteur", "auteurs", "autore", "profile",
        "profiles", "user", "users", "member", "members", "contributor", "contributors", "by", "account", "accounts",
        "login", "signin", "register", "oauth", "auth", "wp-admin", "wp-content", "wp-json", "wp-includes", "wp-login",
        "cdn-cgi", "static", "assets", "img", "images", "css", "js", "fonts", "downloads", "download", "attachment",
        "attachments", "search", "suche", "recherche", "buscar", "comments", "reply", "trackback", "embed", "share", "feed",
        "feeds", "rss", "shop", "store", "product", "products", "cart", "checkout", "api", "ajax", "rpc", "_next", "admin",
        "cgi-bin", "subscribe", "hashtag",
    }
)  # fmt: skip
"""Folders under which no article stands."""

LISTING_FOLDERS = frozenset(
    {
        "category", "categories", "kategorie", "kategorien", "kategori", "categoria", "categorias", "categorie", "cat",
        "rubrik", "rubriken", "rubrique", "rubriques", "ressort", "ressorts", "section", "sections", "seccion", "secciones",
        "channel", "channels", "topic", "topics", "thema", "themen",
    }
)  # fmt: skip
"""Folders whose pages list articles of one kind."""

ARCHIVE_WORDS = frozenset(
    {
        "archive", "archives", "archiv", "archivo", "archivio", "arquivo", "all", "all-posts", "all-articles", "alle",
        "latest", "latest-news", "recent", "neueste", "aktuell", "newest", "blog", "blogs", "posts", "post", "articles",
        "article", "artikel", "stories", "story", "news", "nachrichten", "actualites", "actualite", "noticias", "notizie",
        "nyheter", "nyheder", "nieuws", "entries", "essays", "writing", "categories", "periods", "years",
    }
)  # fmt: skip
"""Last segments of pages that list articles."""

ARTICLE_FOLDERS = frozenset(
    {
        "article", "articles", "artikel", "articulo", "articulos", "artigo", "articolo", "articoli", "story", "stories",
        "post", "posts", "entry", "entries", "node", "beitrag", "beitraege", "meldung", "nyhet", "noticia", "notizia",
        "essay", "essays", "p", "a", "archive", "archives",
    }
)  # fmt: skip
"""Folders that hold articles, by their name."""

SECTION_FOLDERS = frozenset(
    {
        "news", "blog", "blogs", "nachrichten", "actualites", "actu", "actualidad", "noticias", "notizie", "nyheter",
        "nyheder", "nieuws", "politics", "politik", "politique", "politica", "opinion", "meinung", "world", "monde",
        "mundo", "business", "wirtschaft", "economie", "economia", "sport", "sports", "culture", "kultur", "cultura",
        "science", "wissen", "technology", "tech", "life", "features", "reviews", "analysis", "local", "national",
        "international", "story-archive", "magazine", "writing", "notes",
    }
)  # fmt: skip
"""Folders that hold articles and other things."""

STATIC_FOLDERS = frozenset(
    {"pages", "page", "seiten", "seite", "static", "info", "site", "about", "about-us", "legal", "help", "service"}
)
"""First folders of pages that are no articles."""

ACTION_PARAMETERS = frozenset(
    {
        "s", "q", "query", "search", "keyword", "keywords", "replytocom", "share", "action", "add-to-cart", "login",
        "redirect", "redirect_to", "return", "return_to", "returnurl", "next", "continue", "print", "reply", "sort",
        "order", "orderby", "filter", "author", "tag", "feed", "attachment_id", "preview", "do",
    }
)  # fmt: skip
"""Parameters of searches, logins and orders."""

AMBIGUOUS_PARAMETERS = frozenset({"s", "do", "next"})
"""Those of them that may choose an article, where their value is a number."""

PAGE_PARAMETERS = frozenset({"page", "paged", "pg", "seite", "pagina", "start", "offset", "pagenum", "page_num", "currentpage"})

IDENTIFIER_PARAMETERS = frozenset(
    {
        "p", "id", "article", "articleid", "article_id", "artikel", "artid", "aid", "story", "storyid", "story_id",
        "newsid", "news_id", "nid", "post", "postid", "post_id", "docid", "itemid", "idnews", "contentid", "cid", "guid",
        "uid", "t", "idx", "idxno", "no", "num", "entry", "eid",
    }
)  # fmt: skip

GENERIC_TEXT = re.compile(
    r"(?i)[\W_]*(?:"
    r"(?:continue|keep)\s+reading.*|(?:read|learn|see|view|find\s+out)\s+(?:more|on|full.*|the.*(?:article|story|post)|article|post|it|now).*"
    r"|more(?:\s+\W*)?|full\s+story|details|permalink|link|here|click\s+here|comments?|\d+\s+comments?|leave\s+a\s+(?:comment|reply)|share"
    r"|weiterlesen.*|mehr(?:\s+(?:lesen|dazu|erfahren).*)?|zum\s+artikel|lesen\s+sie\s+mehr.*"
    r"|lire\s+(?:la\s+suite|plus|l['’]article).*|en\s+savoir\s+plus|suite"
    r"|leer\s+m[aá]s.*|seguir\s+leyendo.*|continuar\s+leyendo.*|m[aá]s|ver\s+m[aá]s"
    r"|leggi\s+(?:tutto|di\s+pi[uù]).*|continua\s+a\s+leggere.*|leia\s+mais.*|continue\s+lendo.*|saiba\s+mais"
    r"|lees\s+(?:meer|verder).*|l[aä]s\s+mer.*|les\s+mer.*|l[aæ]s\s+mere.*|czytaj\s+(?:więcej|dalej).*|続きを読む|もっと見る|阅读更多|更多|читать\s+дал.*"
    r"|\d+(?:\s*min(?:ute)?s?(?:\s+read)?)?|[«»‹›<>→←]+|"
    r")[\W_]*"
)
"""Text of a link that says nothing of what it leads to."""
