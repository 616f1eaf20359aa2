package cases

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/tenant"
)

// caseView is a case as its page shows it.
type caseView struct {
	support.Detail
	org tenant.Org
	// agent is true for the provider's staff, mayWrite for those who may comment on and change the
	// case, mayDelete for those who may delete it.
	agent, mayWrite, mayDelete bool
	// mails is set if the reader may see the mails of the organization's people as they came.
	mails bool
	// me is the reader.
	me string
	// now is the present time, in microseconds since 1970.
	now int64
	// answers are the prepared answers, for agents.
	answers []desk.Answer
	// other is the number typed into the forms of related cases.
	other string
	// typed is the text of a rejected comment; internal says whether it was an internal note.
	typed    string
	internal bool
	// files is how large files may be; direct is set if larger ones have a page of their own.
	files  fileLimits
	direct bool
	// aliases are further addresses of people on the case, for agents.
	aliases []intake.Alias
}

func casePath(orgID, caseID string) string { return "/orgs/" + orgID + "/cases/" + caseID }

func (c caseView) path() string              { return casePath(c.OrgID, c.ID) }
func (c caseView) title(v *kit.Visit) string { return v.T("Case %[1]d: %[2]s", c.Number, c.Subject) }

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

func idOf(v *kit.Visit) cases.ID {
	return cases.ID{OrgID: v.Path("org_id"), CaseID: v.Path("case_id")}
}

// caseView reads everything that the page of a case shows.
func (p Pages) caseView(v *kit.Visit) (caseView, error) {
	ctx, id := v.Context(), idOf(v)
	detail, err := p.Cases.Detail(ctx, *v.By, id.OrgID, id.CaseID)
	if err != nil {
		return caseView{}, err
	}
	org, err := p.Tenants.Org(ctx, *v.By, id.OrgID, identity.SeeOrg)
	if err != nil {
		return caseView{}, err
	}
	p.at(v, org)
	shown := caseView{
		Detail: detail, org: org, agent: v.By.IsAgent(org.Place()), mayWrite: v.By.May(identity.OpenCases, org.Place()),
		mayDelete: v.May(identity.DeleteCases, org.Place()), mails: v.May(identity.SeePersonalData, org.Place()),
		me: v.By.UserID, now: v.Now().UnixMicro(),
		files: p.fileLimits(v), direct: p.Direct,
	}
	if shown.agent && v.By.May(identity.AnswerCases, org.Place()) {
		if shown.aliases, err = p.aliases(v, detail.Case); err != nil {
			return caseView{}, err
		}
		shown.answers, err = p.Desk.OrgAnswers(ctx, *v.By, org.ID)
	}
	return shown, err
}

// maxAliases is how many of an organization's additional addresses are read.
const maxAliases = 100

// aliases returns the additional addresses of the people on a case.
func (p Pages) aliases(v *kit.Visit, c support.Case) ([]intake.Alias, error) {
	page, err := p.Intake.Aliases(v.Context(), *v.By, c.OrgID, maxAliases, "")
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
func (p Pages) readCase(v *kit.Visit) error {
	shown, err := p.caseView(v)
	if err != nil {
		return err
	}
	if answer := v.Query("answer"); answer != "" && shown.agent {
		if shown.typed, err = p.Cases.FilledAnswer(v.Context(), *v.By, shown.OrgID, shown.ID, answer); err != nil {
			return err
		}
	}
	return v.Show(casePage(v.Frame(shown.title(v)), shown))
}

// caseAgain redisplays a case after one of its forms was rejected.
func (p Pages) caseAgain(v *kit.Visit, cause error, fill func(*caseView)) error {
	shown, err := p.caseView(v)
	if err != nil {
		return cause // the case does not exist or is not visible: report the first error
	}
	fill(&shown)
	return v.Again(cause, kit.Refusal{Title: shown.title(v), Heading: v.T("Change not saved")},
		func(f *kit.Frame) templ.Component { return casePage(f, shown) })
}

// changeStatus closes or reopens a case.
func (p Pages) changeStatus(v *kit.Visit) error {
	id, status := idOf(v), support.Status(v.Line("status"))
	changed, err := p.Cases.Change(v.Context(), *v.By, id.OrgID, id.CaseID, support.CaseChange{Status: &status})
	if err != nil {
		return p.caseAgain(v, err, func(*caseView) {})
	}
	v.Done(v.T("Case %d: the status is %s now.", changed.Number, kit.Word(v, string(changed.Status))))
	return v.GoTo(casePath(id.OrgID, id.CaseID))
}

// releaseMail releases a quarantined mail to the case.
func (p Pages) releaseMail(v *kit.Visit) error {
	id := idOf(v)
	err := p.Intake.ReleaseToCase(v.Context(), *v.By, intake.CaseRelease{
		OrgID: id.OrgID, CaseID: id.CaseID, MailID: v.Path("mail_id"), SenderID: v.Line("sender"),
	})
	if err != nil {
		return p.caseAgain(v, err, func(*caseView) {})
	}
	v.Done(v.T("The mail was released. It is being processed."))
	return v.GoTo(casePath(id.OrgID, id.CaseID))
}

// removeAddress removes an additional address of a person, and redirects to the case.
func (p Pages) removeAddress(v *kit.Visit) error {
	orgID := v.Path("org_id")
	if err := p.Intake.RemoveAlias(v.Context(), *v.By, orgID, v.Line("address")); err != nil {
		return err
	}
	v.Done(v.T("The address was removed. Mails from it are no longer taken as the person's."))
	return v.GoTo(casePath(orgID, v.Line("case_id")))
}

// attachment redirects to the content of an attachment through a short-lived link.
func (p Pages) attachment(v *kit.Visit) error {
	ctx, id := v.Context(), idOf(v)
	file, err := p.Cases.File(ctx, *v.By, id.OrgID, id.CaseID, v.Path("attachment_id"))
	if err != nil {
		return err
	}
	link, err := p.Links.Link(ctx, file.BlobKey, file.Name, file.ContentType, uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.GoTo(link)
}

// comments shows all comments of a case, page by page.
func (p Pages) comments(v *kit.Visit) error {
	ctx, id, page := v.Context(), idOf(v), v.Paging()
	org, err := p.Tenants.Org(ctx, *v.By, id.OrgID, identity.SeeCases)
	if err != nil {
		return err
	}
	list, err := p.Cases.Comments(ctx, *v.By, id.OrgID, id.CaseID, pageSize, page.After())
	if err != nil {
		return err
	}
	p.at(v, org)
	v.Trail(kit.Link{Label: v.T("Back to the case"), Path: casePath(id.OrgID, id.CaseID)})
	return v.Show(commentsPage(v.Frame(v.T("All comments, newest first")), casePath(id.OrgID, id.CaseID), list.Comments,
		v.Pager(page, list.Next)))
}

// at makes the shell show the organization, with the way to its cases.
func (p Pages) at(v *kit.Visit, org tenant.Org) {
	v.At(org.Place())
	v.Trail(kit.Link{Label: v.T("Cases of %s", org.Name), Path: "/orgs/" + org.ID + "/cases"})
}
