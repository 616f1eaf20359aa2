package pages

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/tenant"
)

// caseView is a case as its page shows it.
type caseView struct {
	support.Detail
	org tenant.Org
	// agent is true for the provider's staff, mayWrite for those who may comment on and change the
	// case.
	agent, mayWrite bool
	// typed is the text of a rejected comment; internal says whether it was an internal note.
	typed    string
	internal bool
	// aliases are further addresses of people on the case, for agents.
	aliases []intake.Alias
}

func casePath(orgID, caseID string) string { return "/orgs/" + orgID + "/cases/" + caseID }

func (c caseView) path() string  { return casePath(c.OrgID, c.ID) }
func (c caseView) title() string { return fmt.Sprintf("Case %d: %s", c.Number, c.Subject) }

// loose returns the files that do not belong to any of the comments shown.
func loose(c support.Detail) []attachment.File {
	shown := map[string]bool{}
	for _, comment := range c.Comments {
		for _, file := range comment.Files {
			shown[file.ID] = true
		}
	}
	var loose []attachment.File
	for _, file := range c.Files {
		if !shown[file.ID] {
			loose = append(loose, file)
		}
	}
	return loose
}

func (v *visit) caseID() cases.ID {
	return cases.ID{OrgID: v.r.PathValue("org_id"), CaseID: v.r.PathValue("case_id")}
}

// caseView reads everything that the page of a case shows.
func (p *portal) caseView(v *visit) (caseView, error) {
	ctx, id := v.r.Context(), v.caseID()
	detail, err := p.Cases.Detail(ctx, *v.by, id.OrgID, id.CaseID)
	if err != nil {
		return caseView{}, err
	}
	org, err := p.Tenants.Org(ctx, *v.by, id.OrgID, identity.SeeOrg)
	if err != nil {
		return caseView{}, err
	}
	shown := caseView{
		Detail: detail, org: org, agent: v.by.IsAgent(org.Place()), mayWrite: v.by.May(identity.OpenCases, org.Place()),
	}
	if shown.agent && v.by.May(identity.AnswerCases, org.Place()) {
		shown.aliases, err = p.aliases(v, detail.Case)
	}
	return shown, err
}

// maxAliases is how many of an organization's additional addresses are read.
const maxAliases = 100

// aliases returns the additional addresses of the people on a case.
func (p *portal) aliases(v *visit, c support.Case) ([]intake.Alias, error) {
	page, err := p.Intake.Aliases(v.r.Context(), *v.by, c.OrgID, maxAliases, "")
	people := append([]support.Party{c.Submitter}, c.Watchers...)
	return slices.DeleteFunc(page.Aliases, func(alias intake.Alias) bool {
		return !slices.ContainsFunc(people, func(party support.Party) bool { return party.ID == alias.PersonID })
	}), err
}

// sender returns the probable sender of a quarantined mail: the person whose reply address it was
// sent to, or else the submitter.
func (c caseView) sender(mail support.QuarantinedMail) support.Party {
	for _, party := range c.Watchers {
		if party.ID == mail.PersonID {
			return party
		}
	}
	return c.Submitter
}

// readCase shows a case.
func (p *portal) readCase(v *visit) error {
	shown, err := p.caseView(v)
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, casePage(p.frame(v, shown.title()), shown))
}

// caseAgain redisplays a case after one of its forms was rejected.
func (p *portal) caseAgain(v *visit, cause error, fill func(*caseView)) error {
	shown, err := p.caseView(v)
	if err != nil {
		return cause // the case does not exist or is not visible: report the first error
	}
	fill(&shown)
	return p.again(v, cause, shown.title(), "Change not saved",
		func(f frame) templ.Component { return casePage(f, shown) })
}

// changeStatus closes or reopens a case.
func (p *portal) changeStatus(v *visit) error {
	id, status := v.caseID(), support.Status(v.line("status"))
	_, err := p.Cases.Change(v.r.Context(), *v.by, id.OrgID, id.CaseID, support.CaseChange{Status: &status})
	if err != nil {
		return p.caseAgain(v, err, func(*caseView) {})
	}
	return v.goTo(casePath(id.OrgID, id.CaseID))
}

// releaseMail releases a quarantined mail to the case.
func (p *portal) releaseMail(v *visit) error {
	id := v.caseID()
	err := p.Intake.ReleaseToCase(v.r.Context(), *v.by, intake.CaseRelease{
		OrgID: id.OrgID, CaseID: id.CaseID, MailID: v.r.PathValue("mail_id"), SenderID: v.line("sender"),
	})
	if err != nil {
		return p.caseAgain(v, err, func(*caseView) {})
	}
	return v.goTo(casePath(id.OrgID, id.CaseID))
}

// removeAddress removes an additional address of a person, and redirects to the case.
func (p *portal) removeAddress(v *visit) error {
	orgID := v.r.PathValue("org_id")
	if err := p.Intake.RemoveAlias(v.r.Context(), *v.by, orgID, v.line("address")); err != nil {
		return err
	}
	return v.goTo(casePath(orgID, v.line("case_id")))
}

// attachment redirects to the content of an attachment through a short-lived link.
func (p *portal) attachment(v *visit) error {
	ctx, id := v.r.Context(), v.caseID()
	file, err := p.Cases.File(ctx, *v.by, id.OrgID, id.CaseID, v.r.PathValue("attachment_id"))
	if err != nil {
		return err
	}
	link, err := p.Links.Link(ctx, file.BlobKey, file.Name, file.ContentType, uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.goTo(link)
}

// comments shows all comments of a case, page by page.
func (p *portal) comments(v *visit) error {
	ctx, id := v.r.Context(), v.caseID()
	cursor := endpoint.Cursor{Limit: pageSize, SearchAfter: v.query("search_after")}
	after, err := cursor.After(ctx)
	if err != nil {
		return err
	}
	page, err := p.Cases.Comments(ctx, *v.by, id.OrgID, id.CaseID, pageSize, after)
	if err != nil {
		return err
	}
	path := casePath(id.OrgID, id.CaseID)
	return p.show(v, http.StatusOK,
		commentsPage(p.frame(v, "All comments"), path, page.Comments, endpoint.Next(ctx, page.Next)))
}
