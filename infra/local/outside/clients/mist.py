"""Uses Tenantry through the unmodified client mistapi, as scripts for that portal do.

Everything that it needs comes from the environment (see clients_test.go). It ends with an error at
the first answer that is not as its scripts expect. The last line of its output is a JSON list of all
calls that the client knows, so that the test can see which of those that Tenantry has were not made.
"""

import importlib
import inspect
import json
import os
import pkgutil
import re
import sys
import time
import tempfile

import mistapi
import mistapi.api.v1
from mistapi.api.v1 import invite, login, logout, msps, orgs, recover, self

ENV = os.environ
MSP, ORG = ENV["MSP_ID"], ENV["ORG_ID"]


def ok(response, what):
    """Returns the data of an answer, which must be a success."""
    if response.status_code != 200:
        sys.exit(f"{what}: status {response.status_code}: {response.raw_data}")
    return response.data


def want(condition, what, got):
    if not condition:
        sys.exit(f"{what}: {got}")


def session(**credentials):
    return mistapi.APISession(
        host="api.mist.com", https_proxy=ENV["PROXY"], console_log_level=0, show_cli_notif=False, **credentials
    )


def by_password(email):
    s = session(email=email, password=ENV["PASSWORD"])
    s.login()
    want(s.get_authentication_status(), f"log-in of {email}", s.email)
    return s


def account(s):
    """Calls of a person's own account."""
    me = ok(self.self.getSelf(s), "getSelf")
    want(me["privileges"][0]["name"], "the name of a privilege", me)
    me["phone"] = "+39 041 5550100"
    me["no_tracking"] = True
    again = ok(self.self.updateSelf(s, me), "updateSelf")
    want(again["phone"] == me["phone"] and again["no_tracking"] is True, "the account written back", again)
    key = ok(self.apitokens.createApiToken(s, {"name": "script"}), "createApiToken")
    one = ok(self.apitokens.getApiToken(s, key["id"]), "getApiToken")
    want("..." in one["key"] and one["key"] != key["key"], "the masked key", one)
    one["name"] = "renamed"
    ok(self.apitokens.updateApiToken(s, key["id"], one), "updateApiToken")
    listed = ok(self.apitokens.listApiTokens(s), "listApiTokens")
    want([t["name"] for t in listed if t["id"] == key["id"]] == ["renamed"], "the renamed token", listed)
    token = session(apitoken=key["key"])
    token.login()
    want(token.get_authentication_status(), "a log-in by token", key["id"])
    ok(self.self.getSelf(token), "getSelf by token")
    usage = ok(self.usage.getSelfApiUsage(token), "getSelfApiUsage")
    want(usage["requests"] >= 1 and usage["request_limit"] > 0, "the usage", usage)
    ok(self.login_failures.getSelfLoginFailures(s), "getSelfLoginFailures")
    log = self.logs.listSelfAuditLogs(s, limit=2)
    ok(log, "listSelfAuditLogs")
    entries = mistapi.get_all(s, log)
    want(len(entries) == log.data["total"], "all pages of the own log", f"{len(entries)} of {log.data['total']}")
    ok(self.apitokens.deleteApiToken(s, key["id"]), "deleteApiToken")


def administrators(s, place, place_id, prefix):
    """Invites somebody, and changes and removes administrators."""
    body = {
        "email": f"{prefix}@example.com", "name": "Ines Invited", "hours": 24,
        "privileges": [{"scope": prefix, f"{prefix}_id": place_id, "role": "read", "site_id": "", "views": []}],
    }
    title = prefix.capitalize()
    ok(getattr(place.invites, f"invite{title}Admin")(s, place_id, body), "an invitation")
    people = ok(getattr(place.admins, f"list{title}Admins")(s, place_id), "the administrators")
    pending = [p for p in people if p.get("invite_id") and p["email"] == body["email"]]
    want(len(pending) == 1 and pending[0]["expire_time"], "the pending invitation", people)
    invite_id = pending[0]["invite_id"]
    change = getattr(place.invites, f"update{title}AdminInvite")
    ok(change(s, place_id, invite_id, pending[0]), "an invitation written back")
    ok(getattr(place.invites, f"uninvite{title}Admin")(s, place_id, invite_id), "an invitation revoked")
    leaver = [p for p in people if p["email"] == ENV["LEAVER_EMAIL"]][0]
    for privilege in leaver["privileges"]:
        if privilege["scope"] == prefix:
            privilege["role"] = "helpdesk"
    changed = ok(getattr(place.admins, f"update{title}Admin")(s, place_id, leaver["admin_id"], leaver), "an administrator")
    want("helpdesk" in [p["role"] for p in changed["privileges"]], "the new role", changed)
    if prefix == "msp":
        ok(place.admins.getMspAdmin(s, place_id, leaver["admin_id"]), "getMspAdmin")
    ok(getattr(place.admins, f"revoke{title}Admin")(s, place_id, leaver["admin_id"]), "an administrator removed")


def tenants(operator, s):
    """Makes and changes MSPs and organizations, and writes them back as they were read."""
    made = ok(msps.msps.createMsp(operator, {"name": "Made by a script", "allow_mist": True}), "createMsp")
    ok(msps.msps.updateMsp(operator, made["id"], made), "updateMsp")
    ok(msps.msps.deleteMsp(operator, made["id"]), "deleteMsp")
    advanced = operator.mist_put(f"/api/v1/msps/{MSP}", body={"tier": "advanced"})  # which the client does not know
    want(ok(advanced, "the tier")["tier"] == "advanced", "the tier of the MSP", advanced.data)
    msp = ok(msps.msps.getMspDetails(s, MSP), "getMspDetails")
    msp["url"] = "https://adria.example.net"
    msp = ok(msps.msps.updateMsp(s, MSP, msp), "updateMsp")
    want(msp["url"] == "https://adria.example.net", "the web site of the MSP", msp)
    ok(msps.logo.deleteMspLogo(s, MSP), "deleteMspLogo")
    direct = ok(orgs.orgs.createOrg(operator, {"name": "Direct", "session_expiry": 60}), "createOrg")
    want(direct["session_expiry"] == 60, "the session expiry", direct)
    one = ok(msps.orgs.createMspOrg(s, MSP, {"name": "Made by a script", "allow_mist": False}), "createMspOrg")
    want(one["allow_mist"] is False and one["orggroup_ids"] == [], "the new organization", one)
    for op, owner in (("unassign", None), ("assign", MSP)):
        for attempt in range(50):  # the first move is under way for a moment
            moved = msps.orgs.manageMspOrgs(operator, MSP, {"op": op, "org_ids": [one["id"]]})
            if moved.status_code != 409:
                break
            time.sleep(0.2)
        ok(moved, "manageMspOrgs")
        got = ok(orgs.orgs.getOrg(operator, one["id"]), "getOrg").get("msp_id")
        want(got == owner, "the MSP of the organization", got)
    listed = msps.orgs.listMspOrgs(s, MSP)
    names = [o["name"] for o in mistapi.get_all(s, listed)]
    want("Made by a script" in names and ok(listed, "listMspOrgs"), "the organizations", names)
    found = msps.orgs.searchMspOrgs(s, MSP, limit=1, sort="-timestamp")
    search = ok(found, "searchMspOrgs")
    everyone = [o["name"] for o in mistapi.get_all(s, found)]
    want(search["total"] == len(names) and sorted(everyone) == sorted(names), "the organizations that are found", everyone)
    named = ok(msps.orgs.searchMspOrgs(s, MSP, name="made by A"), "searchMspOrgs by name")["results"]
    want([o["org_id"] for o in named] == [one["id"]], "the organizations with a name", named)
    stats = mistapi.get_all(s, msps.stats.listMspOrgStats(s, MSP, limit=1))
    want(sorted(o["name"] for o in stats) == sorted(names), "the numbers of the organizations", stats)
    want(ok(orgs.stats.getOrgStats(s, ORG), "getOrgStats")["msp_id"] == MSP, "the numbers of one", stats)
    texts = ok(msps.search.searchMspOrgGroup(s, MSP, "orgs", "made by"), "searchMspOrgGroup")
    want([t["text"] for t in texts["results"]] == ["Made by a script"], "what is found by a text", texts)
    want(ok(msps.orgs.getMspOrg(s, MSP, one["id"]), "getMspOrg")["name"] == "Made by a script", "an MSP's organization", one)
    want(ok(msps.orgs.updateMspOrg(s, MSP, one["id"], {"session_expiry": 90}), "updateMspOrg")["session_expiry"] == 90, "a change", one)
    org = ok(orgs.orgs.getOrg(s, ORG), "getOrg")
    want(org["msp_id"] == MSP and org["msp_name"], "the organization's MSP", org)
    org["alarmtemplate_id"] = None
    org["name"] = "Rialto Hotels and Bars"
    want(ok(orgs.orgs.updateOrg(s, ORG, org), "updateOrg")["name"] == org["name"], "the new name", org)


def labels(s):
    """Groups organizations, and clones one with its settings."""
    made = ok(msps.orggroups.createMspOrgGroup(s, MSP, {"name": "Hotels", "org_ids": [ORG]}), "createMspOrgGroup")
    want(made["org_ids"] == [ORG], "the new label", made)
    one = ok(msps.orggroups.getMspOrgGroup(s, MSP, made["id"]), "getMspOrgGroup")
    one["name"] = "Hotels and bars"
    changed = ok(msps.orggroups.updateMspOrgGroup(s, MSP, made["id"], one), "updateMspOrgGroup")
    want(changed["name"] == one["name"] and changed["org_ids"] == [ORG], "the label written back", changed)
    want([g["id"] for g in ok(msps.orggroups.listMspOrgGroups(s, MSP), "listMspOrgGroups")] == [made["id"]], "the labels", made)
    org = ok(orgs.orgs.getOrg(s, ORG), "getOrg")
    want(org["orggroup_ids"] == [made["id"]], "the organization's labels", org)
    setting = ok(orgs.setting.getOrgSettings(s, ORG), "getOrgSettings")
    setting["ap_updown_threshold"] = 10
    setting["mgmt"] = {"use_mxtunnel": False}
    again = ok(orgs.setting.updateOrgSettings(s, ORG, setting), "updateOrgSettings")
    want(again["ap_updown_threshold"] == 10 and again["mgmt"] == setting["mgmt"], "the settings", again)
    copy = ok(orgs.clone.cloneOrg(s, ORG, {"name": "Rialto Hotels, once more"}), "cloneOrg")
    want(copy["id"] != ORG and copy["orggroup_ids"] == [made["id"]], "the copy", copy)
    ok(orgs.orgs.deleteOrg(s, copy["id"]), "deleteOrg")
    gone = orgs.orgs.getOrg(s, copy["id"])
    want(gone.status_code == 404, "a deleted organization", gone.raw_data)
    ok(msps.orggroups.deleteMspOrgGroup(s, MSP, made["id"]), "deleteMspOrgGroup")


def logs(s):
    """Searches and counts audit logs."""
    found = orgs.logs.listOrgAuditLogs(s, ORG, duration="7d", limit=3, sort="timestamp")
    data = ok(found, "listOrgAuditLogs")
    entries = mistapi.get_all(s, found)
    want(len(entries) == data["total"] > 3, "all pages of the log", f"{len(entries)} of {data['total']}")
    times = [e["timestamp"] for e in entries]
    want(times == sorted(times), "the order of the log", times)
    second = ok(orgs.logs.listOrgAuditLogs(s, ORG, duration="7d", limit=3, sort="timestamp", page=2), "page 2")
    want([e["id"] for e in second["results"]] == [e["id"] for e in entries[3:6]], "the second page", second)
    visits = ok(orgs.logs.listOrgAuditLogs(s, ORG, message="Access Org", duration="60d", limit=1000), "visits")
    want(visits["total"] >= 1, "the visits", visits)
    counts = ok(orgs.logs.countOrgAuditLogs(s, ORG, distinct="admin_name", duration="7d"), "countOrgAuditLogs")
    want(sum(r["count"] for r in counts["results"]) >= data["total"], "the counts", counts)
    ok(msps.logs.listMspAuditLogs(s, MSP, duration="7d"), "listMspAuditLogs")
    by_org = ok(msps.logs.countMspAuditLogs(s, MSP, distinct="org_id"), "countMspAuditLogs")
    want(ORG in [r["org_id"] for r in by_org["results"]], "the counts of the MSP", by_org)


def tickets(s):
    """Opens, answers and counts tickets."""
    ticket = ok(orgs.tickets.createOrgTicket(s, ORG, {"subject": "AP-12 offline", "type": "critical"}), "createOrgTicket")
    want(isinstance(ticket["case_number"], str), "the number of a ticket", ticket)
    one = ticket["id"]
    ok(orgs.tickets.addOrgTicketComment(s, ORG, one, {"comment": "It blinks red."}), "addOrgTicketComment")
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(b"boot loop")
        file.flush()
        ok(orgs.tickets.addOrgTicketCommentFile(s, ORG, one, file=file.name), "a file alone")
        ok(orgs.tickets.addOrgTicketCommentFile(s, ORG, one, comment='A "word".', file=file.name), "a file and a comment")
        ok(orgs.tickets.UploadOrgTicketAttachmentFile(s, ORG, one, file=file.name), "UploadOrgTicketAttachmentFile")
    read = ok(orgs.tickets.getOrgTicket(s, ORG, one), "getOrgTicket")
    want(read["comments"][-1]["comment"] == 'A "word".' and len(read["attachments"]) == 3, "the ticket", read)
    want(all(a["content_url"] for a in read["attachments"]), "the links", read["attachments"])
    link = ok(orgs.tickets.GetOrgTicketAttachment(s, ORG, one, read["attachments"][0]["id"]), "GetOrgTicketAttachment")
    want(link["content_url"].startswith("https://"), "the link", link)
    read["status"] = "solved"
    want(ok(orgs.tickets.updateOrgTicket(s, ORG, one, read), "updateOrgTicket")["status"] == "solved", "the status", read)
    want(len(ok(orgs.tickets.listOrgTickets(s, ORG), "listOrgTickets")) == 1, "the tickets", one)
    ok(orgs.tickets.countOrgTickets(s, ORG, distinct="status"), "countOrgTickets")


def known_calls():
    """Lists method and path of every call that the client has."""
    found = set()
    for module in pkgutil.walk_packages(mistapi.api.v1.__path__, "mistapi.api.v1."):
        for _, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            source = inspect.getsource(function)
            path = re.search(r'uri = f?"(/api/v1[^"]*)"', source)
            method = re.search(r"mist_session\.mist_(get|post|put|delete)", source)
            if path and method:
                found.add((method.group(1).upper(), re.sub(r"\{[^}]*\}", "{}", path.group(1))))
    return sorted(found)


def main():
    operator, s = by_password(ENV["OPERATOR_EMAIL"]), by_password(ENV["ADMIN_EMAIL"])
    customer = by_password(ENV["CUSTOMER_EMAIL"])
    account(s)
    tenants(operator, s)
    labels(s)
    administrators(s, orgs, ORG, "org")
    administrators(s, msps, MSP, "msp")
    ok(invite.verify.verifyAdminInvite(customer, ENV["INVITE_TOKEN"]), "verifyAdminInvite")
    tickets(customer)
    ok(msps.tickets.listMspTickets(s, MSP), "listMspTickets")
    ok(msps.tickets.countMspTickets(s, MSP, distinct="org_id"), "countMspTickets")
    logs(s)
    ok(login.lookup.lookup(s, {"email": ENV["CUSTOMER_EMAIL"]}), "lookup")
    ok(login.login.login(s, {"email": ENV["ADMIN_EMAIL"], "password": ENV["PASSWORD"]}), "login")
    ok(recover.recover.recoverPassword(s, {"email": "nobody@example.com"}), "recoverPassword")
    missing = orgs.orgs.getOrg(s, "00000000-0000-0000-0000-000000000001")
    want(missing.status_code == 404 and missing.data["detail"], "what does not exist", missing.raw_data)
    ok(logout.logout.logout(customer), "logout")
    print(json.dumps(known_calls()))


main()
