"""Crawl throughput: morgue beside (a) a bare Scrapy spider and (b) the same with trafilatura and a JSON lines feed.

Saved pages are served by nginx on loopback, without delay; the three take turns. Peak memory is that of the largest process;
memory over time is the resident size of morgue's main process, a sample a second.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.corpus import pages

SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url)
    def parse(self, response):
        {body}

class Read:
    def process_item(self, item):
        import trafilatura
        got = trafilatura.bare_extraction(item.pop("body"), url=item["url"], with_metadata=True)
        item.update(got.as_dict() if got else {{}})
        item.pop("body", None); item.pop("commentsbody", None)
        return item

process = AsyncCrawlerProcess(settings={{
    "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "COOKIES_ENABLED": False, {settings}}})
process.crawl(Bare)
process.start()
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; types {{ text/html html; application/xml xml; text/plain txt; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
"""


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[None]:
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port))
    server = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait()


def build_site(folder: Path, port: int, count: int) -> list[str]:
    folder.chmod(0o755)  # the web server's worker has a user of its own
    www = folder / "www"
    (www / "news").mkdir(parents=True)
    urls = []
    for page in pages(limit=count):
        name = f"{page.set}-story-number-{page.id}.html"
        (www / "news" / name).write_bytes(page.body)
        urls.append(f"http://127.0.0.1:{port}/news/{name}")
    (www / "robots.txt").write_text(f"Sitemap: http://127.0.0.1:{port}/sitemap.xml\n")
    (www / "index.html").write_text("<title>Saved pages</title><p>See the sitemap.")
    entries = "".join(f"<url><loc>{u}</loc></url>" for u in urls)
    (www / "sitemap.xml").write_text(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>')
    (folder / "urls.txt").write_text("\n".join(urls))
    return urls


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


def run(command: list[str], folder: Path) -> tuple[float, float, list[int]]:
    """Wall seconds, CPU seconds of the process and all that it started, and its resident size over time in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    sizes: list[int] = []
    spent: dict[int, float] = {}
    while process.poll() is None:
        sizes.append(_resident(process.pid))
        # What a child's child computed is nobody's who does not wait for it, so each is asked while it lives.
        for pid in _with_descendants(process.pid):
            spent[pid] = max(spent.get(pid, 0.0), _cpu(pid))
        time.sleep(0.25)
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.monotonic() - start, sum(spent.values()), [s for s in sizes if s]


def _with_descendants(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(each for child in children for each in _with_descendants(child))]


def _cpu(pid: int) -> float:
    """User and system seconds of a process so far (proc_pid_stat(5), fields 14 and 15)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _free_port() as port:
        folder = Path(name)
        urls = build_site(folder, port, args.pages)
        bare = folder / "bare.py"
        bare.write_text(SPIDER.format(body="pass", settings=""))
        reading = folder / "reading.py"
        reading.write_text(
            SPIDER.format(
                body='yield {"url": response.url, "body": response.body}',
                settings='"ITEM_PIPELINES": {Read: 1}, "FEEDS": {"out.jsonl": {"format": "jsonlines", "overwrite": True}}',
            )
        )
        python = sys.executable
        pace = ["--delay", "0", "--concurrency", "16"]
        morgue = [str(Path(python).with_name("morgue")), "crawl", f"http://127.0.0.1:{port}/", *pace]
        times: dict[str, list[float]] = {"bare": [], "trafilatura": [], "morgue": []}
        notes: dict[str, str] = {}
        with nginx(folder, port):
            for turn in range(args.rounds):
                for kind, command in {
                    "bare": [python, str(bare), str(folder / "urls.txt")],
                    "morgue": [*morgue, "--archive", str(folder / f"{turn}.db")],
                    "trafilatura": [python, str(reading), str(folder / "urls.txt")],
                }.items():
                    wall, cpu, sizes = run(command, folder)
                    times[kind].append(len(urls) / wall)
                    notes[kind] = f"{cpu / len(urls) * 1000:.1f} | {_flatness(sizes)}"
                    print(f"round {turn + 1} {kind}: {len(urls) / wall:.1f} pages/s", file=sys.stderr)
        print(_table(times, notes))
    return 0


def _flatness(sizes: list[int]) -> str:
    """Resident MB at a quarter, half, three quarters and the end."""
    n = len(sizes)
    return " / ".join(str(sizes[max(0, min(n - 1, n * q // 4 - 1))]) for q in (1, 2, 3, 4)) if sizes else "-"


def _table(times: dict[str, list[float]], notes: dict[str, str]) -> str:
    base, slow = statistics.median(times["bare"]), statistics.median(times["trafilatura"])
    labels = {"bare": "(a) bare Scrapy", "trafilatura": "(b) Scrapy + trafilatura + JSON lines", "morgue": "morgue"}
    heads = ("", "pages/s (median)", "of bare", "times trafilatura", "CPU ms a page", "resident MB at 1/4, 1/2, 3/4, end")
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for kind, label in labels.items():
        rate = statistics.median(times[kind])
        rows.append(f"| {label} | {rate:.1f} | {rate / base:.2f} | {rate / slow:.2f} | {notes[kind]} |")
    return textwrap.dedent("\n".join(rows))
