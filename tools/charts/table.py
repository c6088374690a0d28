"""The tables of values in docs/operations/install.md: complete, and with the defaults of the charts."""

import json
import re

import yaml

BEGIN = "<!-- values of {} -->"
END = "<!-- end of values -->"
# Their parts are Kubernetes' own.
WHOLE = re.compile(r"(resources|peers\.cidrs|networkPolicy\.(dns|monitoring|strangers)|\.to)$")


def leaves(values, path=""):
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict) and value and not WHOLE.search(here):
            yield from leaves(value, here)
        else:
            yield here, value


def collapse(values):
    """The five services have the same keys, with defaults of their own."""
    found = {}
    for path, value in leaves(values):
        path = re.sub(r"^services\.[a-zA-Z]+\.", "services.NAME.", path)
        path = re.sub(r"^keys\.(node|account)\.secret$", "keys.KEY.secret", path)
        found.setdefault(path, []).append(value)
    return found


def shown(path, defaults):
    distinct = {json.dumps(one, sort_keys=True) for one in defaults}
    if len(distinct) > 1 or WHOLE.search(path):
        return "see values.yaml"
    value = defaults[0]
    if value in ("", None, [], {}):
        return ""
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def check(report, root, update):
    file = root / "docs/operations/install.md"
    if not file.exists():
        report.problem(file, "is missing")
        return
    text = file.read_text()
    for chart in ("smartnodes-validator", "smartnodes-worker"):
        begin = BEGIN.format(chart)
        if begin not in text:
            report.problem(file, f"has no table '{begin}'")
            continue
        start = text.index(begin) + len(begin)
        end = text.index(END, start)
        told = dict(re.findall(r"^\| `([^`]+)` \| [^|]* \| (.*) \|$", text[start:end], re.M))
        found = collapse(yaml.safe_load((root / "helm" / chart / "values.yaml").read_text()))
        for path in sorted(set(found) - set(told)):
            report.problem(file, f"{chart}: value {path} has no explanation")
        for path in sorted(set(told) - set(found)):
            report.problem(file, f"{chart}: value {path} does not exist")
        rows = [
            f"| `{path}` | {shown(path, defaults)} | {told.get(path, '')} |"
            for path, defaults in found.items()
        ]
        now = "\n\n| value | default | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n\n"
        if now != text[start:end]:
            if update:
                text = text[:start] + now + text[end:]
            else:
                report.problem(file, f"the table of {chart} is not what --update would write")
    if update:
        file.write_text(text)
