"""The status as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.health import State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("starting", "waiting", "crawling", "resting", "held up", "stopping")
SOURCE_STATES = tuple(state.value for state in State)


class StatusCollector(Collector):
    """Gives one status as metrics. Times are seconds since 1970."""

    def __init__(self, status: dict[str, Any]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        service = self._status["service"]
        yield _states("morgue_service_state", "1 for what the service does", STATES, [((), str(service["state"]))], ())
        yield _counter("morgue_crawls", "Crawls that ended since the service began", service.get("crawls", 0))
        yield _counter("morgue_crashes", "Crawls that ended without an account", service.get("crashes", 0))
        yield _gauge("morgue_config_broken", "1 while morgue.toml is broken", float(bool(service.get("config_error"))))
        yield _gauge(
            "morgue_archive_readable", "0 while the archive cannot be read", float(not self._status.get("archive_error"))
        )
        yield from self._of_alarms()
        yield from self._of_sources()

    def _of_alarms(self) -> Iterator[Metric]:
        alarms = self._status.get("alarms", [])
        yield _gauge("morgue_alarms", "Alarms that last: fields of sites that read otherwise than before", float(len(alarms)))
        each = GaugeMetricFamily("morgue_alarm", "1 for each alarm that lasts", labels=("source", "site", "field"))
        for names in sorted({(alarm["source"] or "", alarm["site"], alarm["field"]) for alarm in alarms}):
            each.add_metric(names, 1.0)
        yield each

    def _of_sources(self) -> Iterator[Metric]:
        sources = self._status["sources"]
        fetches = CounterMetricFamily("morgue_fetches", "Fetches by what became of them", labels=("source", "outcome"))
        for source in sources:
            for outcome, count in source["outcomes"].items():
                fetches.add_metric((source["name"], outcome), count)
        yield fetches
        states = [((source["name"],), source["state"]) for source in sources]
        yield _states("morgue_source_state", "1 for how the source stands", SOURCE_STATES, states, ("source",))
        for key, name, text in (
            ("waiting", "morgue_source_waiting", "Addresses known and not fetched yet"),
            ("articles_new", "morgue_source_articles", "Articles first met through the source"),
            ("last_success", "morgue_source_last_success_timestamp_seconds", "When it last gave a list or an article"),
            ("last_new_article", "morgue_source_last_new_article_timestamp_seconds", "When it last gave a new article"),
            ("next_due", "morgue_source_next_due_timestamp_seconds", "When it is crawled next"),
        ):
            metric = GaugeMetricFamily(name, text, labels=("source",))
            for source in sources:
                if source[key] is not None:
                    metric.add_metric((source["name"],), _number(source[key]))
            yield metric


def metrics(status: dict[str, Any]) -> bytes:
    """Write a status in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StatusCollector(status))
    return generate_latest(registry)


def _number(value: str | int) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else float(value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)


def _states(
    name: str, text: str, words: tuple[str, ...], states: Sequence[tuple[tuple[str, ...], str]], labels: tuple[str, ...]
) -> Metric:
    metric = GaugeMetricFamily(name, text, labels=(*labels, "state"))
    for values, state in states:
        for word in words:
            metric.add_metric((*values, word), float(word == state))
    return metric
