"""The last lines of a report for people: counts of findings or scenarios, and the pack."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from telecom_rules.findings import summarize
from telecom_rules.findings.codes import CODES
from telecom_rules.findings.frame import paint_ansi, paint_nothing
from telecom_rules.findings.terminal import show_line
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Overview
    from telecom_rules.reports.report import Report, ScenarioRun
    from telecom_rules.scenarios import Coverage

DIGEST_LENGTH = 19
"""Characters of a digest that people read: `sha256:` and 12 digits."""

NO_SCENARIOS = Wording("没有可运行的场景", "there are no scenarios to run")
NO_SCENARIO_CHOSEN = Wording(
    "没有可运行的场景：没有一个符合所给的名称或文件",
    "there are no scenarios to run: none has this name or is in this file",
)
TALLY = Wording(
    "场景：通过 {passed}，未通过 {failed}", "scenarios: {passed} passed, {failed} failed"
)
FAULTY = Wording("有错未运行 {count}", "{count} not run because of mistakes")
UNREAD = Wording("另有 {count} 个场景文件无法读取", "and {count} file cannot be read")
SEVERAL_UNREAD = Wording("另有 {count} 个场景文件无法读取", "and {count} files cannot be read")
COVERED = Wording("{kind}：{covered}/{total}", "{kind}: {covered}/{total}")
PERCENT = Wording("覆盖率 {percent}%", "coverage {percent}%")
PACK = Wording(
    "{name} {version}（{digest}）：策略 {policies}，流程 {workflows}，参数 {parameters}，"
    "数据 {facts}，目录 {catalogues}，依据 {sources}（条款 {clauses}）",
    "{name} {version} ({digest}): policies {policies}, workflows {workflows}, "
    "parameters {parameters}, facts {facts}, catalogues {catalogues}, "
    "sources {sources} (clauses {clauses})",
)


IGNORED = Wording("注释忽略 {count} 个", "{count} ignored by comments")
KNOWN = Wording("基线已有 {count} 个", "{count} known from the baseline")
GONE = Wording(
    "基线中有 {count} 个已不存在，请重新生成基线",
    "gone, but still in the baseline: {count}; write it anew",
)
FIXABLE = Wording("可用 `--fix` 改正 {count} 个", "{count} can be mended with `--fix`")
STATISTIC = Wording("{count} 个 {id} {name}", "{count} x {id} {name}")


def summarize_report(report: Report) -> Iterator[str]:
    """Yield the lines behind the findings of a report."""
    if report.statistics:
        yield from count_codes(report)
    if report.run is None:
        aside = [
            wording.fill(count=count).say(report.language)
            for wording, count in (
                (IGNORED, len(report.ignored)),
                (KNOWN, len(report.known)),
                (GONE, report.gone),
            )
            if count
        ]
        separator = Wording("；", "; ").say(report.language)
        yield separator.join([summarize(report.findings, report.language), *aside])
        if report.verb == "validate":
            yield from tell_fixable(report)
        if report.pack is not None and report.verb == "validate":
            yield show_line(describe_pack(report.pack).say(report.language))
        yield from tell_remarks(report)
        return
    yield tally_scenarios(report.run).say(report.language)
    yield from tell_remarks(report)
    if report.run.results and report.run.coverage is not None:
        yield from describe_coverage(report, report.run.coverage, listed=report.run.lists_missing)


def tell_remarks(report: Report) -> Iterator[str]:
    """Yield what was found besides findings."""
    yield from (show_line(each.say(report.language)) for each in report.remarks)


def tell_fixable(report: Report) -> Iterator[str]:
    """Yield a line with the number of findings that `--fix` mends, if there are any."""
    count = sum(each.fix is not None and each.fix.is_safe for each in report.findings)
    if count:
        yield FIXABLE.fill(count=count).say(report.language)


def count_codes(report: Report) -> Iterator[str]:
    """Yield a line for each code that was found, the most frequent first."""
    counts = Counter(each.id for each in report.all_findings)
    for id, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        line = STATISTIC.fill(count=count, id=id, name=CODES[id].name)
        yield line.say(report.language)


def describe_pack(pack: Overview) -> Wording:
    """Return one line with the name of the pack and the number of its parts."""
    return PACK.fill(**pack._replace(digest=pack.digest[:DIGEST_LENGTH])._asdict())


def tally_scenarios(run: ScenarioRun) -> Wording:
    """Return one line with the number of scenarios that passed and failed."""
    if not (run.results or run.faulty or run.unread):
        return NO_SCENARIO_CHOSEN if run.written else NO_SCENARIOS
    told = [TALLY.fill(passed=len(run.results) - run.failed, failed=run.failed)]
    if run.faulty:
        told.append(FAULTY.fill(count=run.faulty))
    if run.unread:
        told.append((UNREAD if run.unread == 1 else SEVERAL_UNREAD).fill(count=run.unread))
    return join_wordings(told, ("，", ", "))


def describe_coverage(report: Report, coverage: Coverage, *, listed: bool) -> Iterator[str]:
    """Yield how much of each kind is covered and, if `listed`, what is not, with its place."""
    paint = paint_ansi if report.color else paint_nothing
    for share in coverage.shares:
        title = COVERED.fill(kind=share.kind.wording, covered=share.covered, total=share.total)
        yield ""
        yield paint(title.say(report.language), "title")
        for each in share.missing if listed else ():
            what = each.what.say(report.language)
            line = show_line(f"  {each.name}: {what}  ")
            yield line + paint(show_line(str(each.span)), "place")
    yield ""
    # Cut, not rounded: 99.999 % is not 100 %.
    yield PERCENT.fill(percent=f"{int(coverage.percent * 100) / 100:.2f}").say(report.language)
