"""`morgue repair`."""

from __future__ import annotations

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, json_option
from crawler.commands.verify import tell


@click.command("repair")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Make anew what is damaged and follows from the rest of the file.

    Then the whole archive is checked, and what is left is named as by `morgue verify`: that is lost from this file, and needs a
    copy. Pages, revisions and captures are never changed or removed. Not while a crawl is going on.
    """
    from archive import Archive
    from crawler.progress import StatusLine
    from crawler.terminal import plain

    path = archive_path(ctx)
    with Archive.open(path) as archive, archive.lock_for_crawl(), StatusLine() as status:
        status.say("mending")
        for done in archive.mend():
            click.echo(plain(done), err=True)
        problems = archive.verify(lambda done, total: status.say(f"checked {done} of {total} pages"))
    return tell(path, problems, as_json=as_json)
