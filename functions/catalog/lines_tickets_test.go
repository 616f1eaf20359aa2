package catalog_test

import (
	"strings"
)

// ticketLines returns the lines of the endpoints whose names begin with "tickets.".
func ticketLines() map[string]line {
	return map[string]line{
		"tickets.list": {path: ofOrg("/tickets"), allowed: caseSeers, hidden: foreigners},
		"tickets.create": {
			path:    ofOrg("/tickets"),
			body:    with(object{"subject": "A", "comment": "B", "type": "critical"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.get": {path: ticketWithFile, allowed: caseSeers, hidden: foreigners},
		"tickets.change": {
			path:    ticketWithFile,
			body:    func(i *installation) object { return object{"subject": unique(i)} },
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.comment": {
			path:    func(i *installation) string { return ticketWithFile(i) + "/comments" },
			body:    with(object{"comment": "Hello."}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.attach": {
			path:    ofTicket("/attachments"),
			body:    with(object{multipartFile: "a.txt"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.get_attachment": {path: ticketAttachment, allowed: caseSeers, hidden: foreigners},
		"tickets.count":          {path: ofOrg("/tickets/count"), allowed: caseSeers, hidden: foreigners},
		"tickets.list_msp": {
			path:    ofMSP("/tickets"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"tickets.count_msp": {
			path:    ofMSP("/tickets/count"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
	}
}

// ticketWithFile returns the path of a ticket that has an attachment.
func ticketWithFile(i *installation) string {
	if !i.attached {
		attachment(i)
		i.attached = true
	}
	return ofTicket("")(i)
}

func ticketAttachment(i *installation) string {
	return strings.Replace(attachment(i), "/cases/", "/tickets/", 1)
}
