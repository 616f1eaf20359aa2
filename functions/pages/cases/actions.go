package cases

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// act does one thing with the case of the path, says that it was done, and shows the case again.
func (p Pages) act(
	do func(ctx context.Context, by identity.Principal, orgID, caseID string) (support.Case, error), done string,
) func(*kit.Visit) error {
	return func(v *kit.Visit) error {
		id := idOf(v)
		changed, err := do(v.Context(), *v.By, id.OrgID, id.CaseID)
		if err != nil {
			return p.caseAgain(v, err, func(*caseView) {})
		}
		v.Done(v.T(done, changed.Number))
		return v.GoTo(casePath(id.OrgID, id.CaseID))
	}
}

// assignToMe assigns the case to the reader.
func (p Pages) assignToMe(v *kit.Visit) error {
	return p.act(func(ctx context.Context, by identity.Principal, orgID, caseID string) (support.Case, error) {
		me := by.UserID
		return p.Cases.Change(ctx, by, orgID, caseID, support.CaseChange{AssigneeID: &me})
	}, "Case %d is yours.")(v)
}

// askToDelete asks for the word that confirms a deletion.
func (p Pages) askToDelete(v *kit.Visit) error {
	shown, err := p.caseView(v)
	if err != nil {
		return err
	}
	if err := v.By.Check(identity.DeleteCases, shown.org.Place()); err != nil {
		return err
	}
	return v.Show(deletePage(v.Frame(v.T("Delete case %d?", shown.Number)), shown))
}

// deleteCase deletes a case after the typed word.
func (p Pages) deleteCase(v *kit.Visit) error {
	id := idOf(v)
	deleted, err := p.Cases.DeleteConfirmed(v.Context(), *v.By, id.OrgID, id.CaseID, v.Line("confirmation"))
	if err != nil {
		shown, readErr := p.caseView(v)
		if readErr != nil {
			return err
		}
		refusal := kit.Refusal{Title: v.T("Delete case %d?", shown.Number), Heading: v.T("The case was not deleted")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return deletePage(f, shown) })
	}
	v.Done(v.T("Case %d was deleted. It can be restored for 30 days.", deleted.Number))
	return v.GoTo("/orgs/" + id.OrgID + "/cases")
}

// merge merges the case into another one.
func (p Pages) merge(v *kit.Visit) error {
	return p.withOther(v, func(ctx context.Context, orgID, caseID, otherID string) error {
		_, err := p.Cases.Merge(ctx, *v.By, orgID, caseID, otherID)
		return err
	})
}

// link links the case to another one.
func (p Pages) link(v *kit.Visit) error {
	return p.withOther(v, func(ctx context.Context, orgID, caseID, otherID string) error {
		_, err := p.Cases.Link(ctx, *v.By, orgID, caseID, otherID, support.LinkKind(v.Line("kind")))
		return err
	})
}

// unlink removes a link.
func (p Pages) unlink(v *kit.Visit) error {
	return p.withOther(v, func(ctx context.Context, orgID, caseID, otherID string) error {
		_, err := p.Cases.Unlink(ctx, *v.By, orgID, caseID, otherID)
		return err
	})
}

// withOther does something with the case of the path and the one whose number, or id, the form names.
func (p Pages) withOther(v *kit.Visit, do func(ctx context.Context, orgID, caseID, otherID string) error) error {
	id := idOf(v)
	other, err := p.numbered(v, id.OrgID, v.Line("other"))
	if err == nil {
		err = do(v.Context(), id.OrgID, id.CaseID, other)
	}
	if err != nil {
		return p.caseAgain(v, err, func(c *caseView) { c.other = v.Line("other") })
	}
	v.Done(v.T("The cases were changed."))
	return v.GoTo(casePath(id.OrgID, id.CaseID))
}

// split opens a new case from a comment.
func (p Pages) split(v *kit.Visit) error {
	id := idOf(v)
	comment := v.Line("comment_id")
	if uuid.Validate(comment) != nil {
		return fault.Missing()
	}
	created, err := p.Cases.Split(v.Context(), *v.By, id.OrgID, id.CaseID, comment, v.Line("subject"))
	if err != nil {
		return p.caseAgain(v, err, func(*caseView) {})
	}
	v.Done(v.T("Case %d was opened from the comment.", created.Number))
	return v.GoTo(casePath(created.OrgID, created.ID))
}

// numbered returns the id of the case with a number in the organization; what is no number is
// returned as it is, and refused by the rule if it is no id.
func (p Pages) numbered(v *kit.Visit, orgID, text string) (string, error) {
	number, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
	if err != nil {
		return text, nil //nolint:nilerr // no number: the rule takes it for an id
	}
	page, err := p.Lists.Search(v.Context(), *v.By, lists.Scope{OrgID: orgID},
		lists.Query{Phrase: strconv.FormatInt(number, 10), State: lists.AllLists, AnyList: true, Limit: 1})
	if err != nil {
		return "", err
	}
	if len(page.Lines) == 0 || page.Lines[0].Number != number {
		return "", fault.InField("other", "is not the number of a case of this organization")
	}
	return page.Lines[0].ID, nil
}
