// Package tickets contains the endpoints with which programs written for other network portals use
// support cases: the same cases under the paths, fields and words that such programs know. The
// rules are in shared/support.
package tickets

import (
	"strconv"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/services"
)

// Services are the dependencies of the endpoints.
type Services struct {
	services.Set
	// Cases holds the services of the endpoints of cases, which read uploads and make links.
	CaseHandlers cases.Services
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return endpoint.Compatible(
		list(s), create(s).WithUnknown(endpoint.KeepUnknown), get(s), change(s).WithUnknown(endpoint.KeepUnknown),
		comment(s), attach(s), getAttachment(s), count(s),
		listMSP(s), countMSP(s),
	)
}

// critical is the ticket type that stands for the highest severity.
const critical = "critical"

// Ticket is a case in the terms of such programs.
type Ticket struct {
	cases.Case
	// CaseNumber is text here, as programs expect it that were written for other portals.
	CaseNumber  string             `json:"case_number" doc:"The number by which people refer to the case, as text."`
	Comments    []cases.Comment    `json:"comments,omitempty" doc:"All comments, oldest first, preceded by the description of the case. If they are too long for one response, the longest are truncated; …/cases/{id}/comments/{comment_id} returns the full text."`
	Attachments []cases.Attachment `json:"attachments,omitempty"`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the ticket with the fields that clients stored.
func (t Ticket) MarshalJSON() ([]byte, error) {
	type plain Ticket
	return extension.Marshal(plain(t), t.extension)
}

// typeOf returns a case's type as a ticket's type.
func typeOf(kind string, severity int) string {
	if severity == desk.MostUrgent {
		return critical
	}
	return kind
}

func ticketOf(c cases.Case) Ticket {
	c.Type = typeOf(c.Type, c.Severity)
	return Ticket{Case: c, CaseNumber: strconv.FormatInt(c.CaseNumber, 10)}
}

func ticketsOf(lines []support.Summary) []Ticket {
	shown := make([]Ticket, 0, len(lines))
	for _, line := range lines {
		shown = append(shown, ticketOf(cases.SummaryOf(line)))
	}
	return shown
}

func detailOf(d support.Detail) Ticket {
	detail := cases.DetailOf(d)
	ticket := ticketOf(detail.Case)
	first := cases.Comment{
		ID:          d.ID,
		Author:      d.Submitter.Name,
		AuthorEmail: d.Submitter.Email,
		AuthorID:    d.Submitter.ID,
		AuthorSide:  string(d.Submitter.Side()),
		Comment:     d.Description,
		Door:        "api",
		CreatedAt:   detail.CreatedAt,
	}
	ticket.Comments = fitting(append([]cases.Comment{first}, detail.Comments...))
	ticket.Attachments, ticket.extension = detail.Attachments, d.Extension
	return ticket
}

// ID names a ticket in the path.
type ID struct {
	OrgID    string `path:"org_id" format:"uuid"`
	TicketID string `path:"ticket_id" format:"uuid"`
}

func (i ID) caseID() cases.ID { return cases.ID{OrgID: i.OrgID, CaseID: i.TicketID} }

type ticketOutput struct {
	Body Ticket
}
