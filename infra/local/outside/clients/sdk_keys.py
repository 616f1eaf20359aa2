"""Checks recorded answers against the models of PyPI's juniper-mist-sdk.

The first argument is a file with one JSON object a line: method, path and the answer of a call that
succeeded. Every field that a model requires must be there and, unless the model allows it, not null.
The last line of the output is the number of answers that were checked.
"""

import importlib
import inspect
import json
import pkgutil
import re
import sys
import uuid

import mistapi.controllers
from mistapi import models

# The paths that the controllers of the SDK do not have, with the models of its other packages.
MODELS = {
    ("GET", "/api/v1/orgs/{}"): "Org", ("POST", "/api/v1/orgs"): "Org", ("PUT", "/api/v1/orgs/{}"): "Org",
    ("GET", "/api/v1/orgs"): "Org", ("GET", "/api/v1/orgs/{}/admins"): "Admin",
    ("PUT", "/api/v1/orgs/{}/admins/{}"): "Admin", ("GET", "/api/v1/orgs/{}/logs"): "ResponseLogSearch",
    ("GET", "/api/v1/orgs/{}/logs/search"): "ResponseLogSearch",
    ("GET", "/api/v1/orgs/{}/logs/count"): "ResponseCount",
    ("GET", "/api/v1/orgs/{}/tickets"): "Ticket", ("POST", "/api/v1/orgs/{}/tickets"): "Ticket",
    ("GET", "/api/v1/orgs/{}/tickets/{}"): "Ticket", ("PUT", "/api/v1/orgs/{}/tickets/{}"): "Ticket",
    ("POST", "/api/v1/orgs/{}/tickets/{}/comments"): "Ticket",
    ("GET", "/api/v1/orgs/{}/tickets/count"): "ResponseCount",
    ("GET", "/api/v1/orgs/{}/tickets/{}/attachments/{}"): "TicketAttachment",
    ("GET", "/api/v1/self"): "Admin", ("PUT", "/api/v1/self"): "Admin", ("GET", "/api/v1/self/usage"): "ApiUsage",
    ("GET", "/api/v1/self/logs"): "ResponseSelfAuditLogs",
    ("GET", "/api/v1/self/login_failures"): "LoginFailures",
    ("GET", "/api/v1/self/apitokens"): "UserApitoken", ("POST", "/api/v1/self/apitokens"): "UserApitoken",
    ("GET", "/api/v1/self/apitokens/{}"): "UserApitoken", ("PUT", "/api/v1/self/apitokens/{}"): "UserApitoken",
}

# Fields of organizations' numbers whose domains Tenantry does not have yet: absent rather than 0.
LATER = {
    f"GET /api/v1/msps/{{}}/stats/orgs[{{}}] lacks {name}" for name in (
        "alarmtemplate_id", "num_devices", "num_devices_connected", "num_devices_disconnected", "num_inventory",
        "num_sites", "sle",
    )
}


def classes():
    """Returns the models of the SDK by name."""
    found = {}
    for module in pkgutil.iter_modules(models.__path__):
        source = importlib.import_module(f"mistapi.models.{module.name}")
        for name, value in inspect.getmembers(source, inspect.isclass):
            if value.__module__ == source.__name__:
                found[name] = value
    return found


def declared():
    """Returns the models that the controllers read, by method and path."""
    found = dict(MODELS)
    for module in pkgutil.iter_modules(mistapi.controllers.__path__):
        source = inspect.getsource(importlib.import_module(f"mistapi.controllers.{module.name}"))
        for call in source.split("RequestBuilder()")[1:]:
            path = re.search(r'\.path\("([^"]+)"\)', call)
            method = re.search(r"HttpMethodEnum\.(\w+)", call)
            model = re.search(r"\.deserialize_into\((\w+)\.from_dictionary\)", call)
            if path and method and model:
                found[(method.group(1), re.sub(r"\{[^}]*\}", "{}", path.group(1)))] = model.group(1)
    return found


CLASSES = classes()


def check(model, value, at):
    """Returns what is wrong with a value for a model."""
    if isinstance(value, list):
        return [problem for i, one in enumerate(value) for problem in check(model, one, f"{at}[{i}]")]
    if not isinstance(value, dict):
        return [f"{at} is not an object"]
    problems = []
    optional, nullable = getattr(model, "_optionals", []), getattr(model, "_nullables", [])
    source = inspect.getsource(model.from_dictionary)
    for attribute, name in model._names.items():
        if name not in value:
            if attribute not in optional:
                problems.append(f"{at} lacks {name}")
            continue
        if value[name] is None:
            if attribute not in nullable:
                problems.append(f"{at}.{name} is null")
            continue
        if name.endswith("_id") or name == "id":
            try:
                uuid.UUID(str(value[name]))
            except ValueError:
                problems.append(f"{at}.{name} is not a UUID: {value[name]!r}")
        part = re.search(r"\b" + attribute + r"\s*=[^=]*?(\w+)\.from_dictionary\(", source)
        if part and part.group(1) in CLASSES and f'dictionary.get("{name}")' in part.group(0) + source:
            inner = CLASSES[part.group(1)]
            if re.search(r"\b" + attribute + r"\s*=\s*\[?\s*" + part.group(1) + r"\.", source):
                problems += check(inner, value[name], f"{at}.{name}")
    return problems


def main():
    mapping, problems, checked = declared(), [], 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            call = json.loads(line)
            for (method, path), model in mapping.items():
                pattern = "^" + re.escape(path).replace(r"\{\}", "[0-9a-f-]{36}") + "$"
                if method == call["method"] and re.match(pattern, call["path"]):
                    checked += 1
                    problems += check(CLASSES[model], call["answer"], f"{method} {path}")
                    break
    problems = [problem for problem in problems if re.sub(r"\[\d+\]", "[{}]", problem) not in LATER]
    for problem in sorted(set(problems)):
        print(problem)
    print(checked)
    sys.exit(1 if problems else 0)


main()
