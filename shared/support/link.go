package support

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// LinkKind is how two cases are related.
type LinkKind string

// The kinds of links, as seen from the case that has the link. Each has a counterpart on the other
// case.
const (
	Related    LinkKind = "related"
	Parent     LinkKind = "parent" // the other case covers the whole
	Child      LinkKind = "child"
	Duplicates LinkKind = "duplicates" // the other case was there first
	Duplicated LinkKind = "duplicated_by"
	Follows    LinkKind = "follows" // the other case was closed before
	FollowedBy LinkKind = "followed_by"
	SplitFrom  LinkKind = "split_from"
	SplitInto  LinkKind = "split_into"
	Merged     LinkKind = "merged" // the other case was merged into this one
	MergedTo   LinkKind = "merged_into"
)

// LinkKinds returns the kinds of links that people can create; the others result from operations on
// cases.
func LinkKinds() []LinkKind {
	return []LinkKind{Related, Parent, Child, Duplicates, Duplicated, Follows, FollowedBy}
}

// counterpart returns the kind of the link on the other case.
func (k LinkKind) counterpart() LinkKind {
	pairs := []LinkKind{
		Parent,
		Child,
		Duplicates,
		Duplicated,
		Follows,
		FollowedBy,
		SplitFrom,
		SplitInto,
		Merged,
		MergedTo,
	}
	if at := slices.Index(pairs, k); at >= 0 {
		return pairs[at^1]
	}
	return k
}

// Link points to another case of the same organization.
type Link struct {
	Kind   LinkKind `json:"kind"`
	CaseID string   `json:"case_id"`
	Number int64    `json:"number"`
}

// MaxLinks is the maximum number of links of a case.
const MaxLinks = 100

func (c Case) link(kind LinkKind) Link { return Link{Kind: kind, CaseID: c.ID, Number: c.Number} }

// linked returns the case with one more link. A case has at most one link to each other case.
func (c Case) linked(link Link) Case {
	c = c.unlinked(link.CaseID)
	c.Links = append(c.Links, link)
	return c
}

func (c Case) unlinked(id string) Case {
	c.Links = slices.DeleteFunc(slices.Clone(c.Links), func(l Link) bool { return l.CaseID == id })
	return c
}

func (l *Link) number() int64 {
	if l == nil {
		return 0
	}
	return l.Number
}

func linkNames(links []Link) string {
	text := ""
	for i, link := range links {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", link.Kind, link.Number)
	}
	return text
}

// Find reads another case of the same organization that is changed along with the first. It returns
// a fault of code Invalid in the given field if there is none.
func (s *Service) Find(ctx context.Context, orgID, id, field string) (Case, error) {
	if uuid.Validate(id) != nil {
		return Case{}, noCase(field, id)
	}
	items, err := s.journal.BatchGet(ctx, []table.Key{CaseKey(orgID, id, CaseSort)})
	if err != nil {
		return Case{}, err
	}
	c, err := DecodeCase(items[0])
	if fault.Is(err, fault.NotFound) || err == nil && c.Deleted > 0 {
		return Case{}, noCase(field, id)
	}
	return c, err
}

func noCase(field, id string) error {
	return fault.InField(field, "%q is not another case of this organization", id)
}

// followed reads the case that a new one follows up; nil for none.
func (s *Service) followed(ctx context.Context, orgID, id string) (*Case, error) {
	if id == "" {
		return nil, nil
	}
	c, err := s.Find(ctx, orgID, id, "follows")
	if err == nil && len(c.Links) >= MaxLinks {
		err = Full("links", MaxLinks)
	}
	return &c, err
}

// Link links a case to another one of the organization. Both cases change in one transaction.
func (s *Service) Link(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, otherID string,
	kind LinkKind,
) (Case, error) {
	return s.changeBoth(
		ctx,
		by,
		orgID,
		caseID,
		otherID,
		identity.OpenCases,
		func(opened Opened, other Case) (both, error) {
			if !slices.Contains(LinkKinds(), kind) {
				return both{}, fault.OneOf("kind", LinkKinds())
			}
			if merged := opened.MergedInto; merged != nil && merged.CaseID == other.ID ||
				other.MergedInto != nil && other.MergedInto.CaseID == opened.ID {
				return both{}, fault.New(fault.Conflict, "One of the cases was merged into the other: that link stays.")
			}
			if len(opened.Links) >= MaxLinks || len(other.Links) >= MaxLinks {
				return both{}, Full("links", MaxLinks)
			}
			return both{
				after: opened.linked(other.link(kind)), other: other.linked(opened.link(kind.counterpart())),
				action: "cases.link", message: "Linked case %d and case %d",
			}, nil
		},
	)
}

// Unlink removes the link between two cases.
func (s *Service) Unlink(ctx context.Context, by identity.Principal, orgID, caseID, otherID string) (Case, error) {
	c, err := s.changeBoth(
		ctx,
		by,
		orgID,
		caseID,
		otherID,
		identity.OpenCases,
		func(opened Opened, other Case) (both, error) {
			if merged := opened.MergedInto; merged != nil && merged.CaseID == other.ID ||
				other.MergedInto != nil && other.MergedInto.CaseID == opened.ID {
				return both{}, fault.New(fault.Conflict, "One of the cases was merged into the other: that link stays.")
			}
			return both{
				after: opened.unlinked(other.ID), other: other.unlinked(opened.ID),
				action: "cases.unlink", message: "Unlinked case %d and case %d",
			}, nil
		},
	)
	if fault.Is(err, fault.Invalid) { // the other case is named in the path, not in the body
		return Case{}, fault.Missing()
	}
	return c, err
}

// both is a change of two cases.
type both struct {
	after, other Case
	// instead is the case that other was derived from, if it is not the one named in the request.
	instead *Case
	action  string
	// message is the audit message: a format with two verbs, for the case numbers.
	message string
	// writes are committed with the change; touched are further cases that they change.
	writes  []table.Write
	touched []Case
}

// changeBoth changes two cases of an organization in one transaction, each with its history.
func (s *Service) changeBoth(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, otherID string,
	permission identity.Permission,
	edit func(Opened, Case) (both, error),
) (Case, error) {
	for attempt := 0; ; attempt++ {
		opened, _, err := s.Open(ctx, by, orgID, caseID, permission)
		if err != nil {
			return Case{}, err
		}
		if otherID == caseID {
			return Case{}, fault.InField("case_id", "must be another case")
		}
		other, err := s.Find(ctx, orgID, otherID, "case_id")
		if err != nil {
			return Case{}, err
		}
		request, err := edit(opened, other)
		if err != nil {
			return Case{}, err
		}
		if request.instead != nil {
			other = *request.instead
		}
		c, err := s.commitBoth(ctx, by, opened, other, request)
		if Again(ctx, err, attempt) {
			continue
		}
		return View(by, opened.Place, c), Busy(err)
	}
}

func (s *Service) commitBoth(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	other Case,
	request both,
) (Case, error) {
	var updates []Update
	before, after := map[string]any{}, map[string]any{}
	for _, pair := range []struct{ before, after Case }{{opened.Case, request.after}, {other, request.other}} {
		fields := Differences(pair.before, pair.after)
		if len(fields) == 0 {
			continue
		}
		entry, err := s.history(by, opened.Place, pair.after, fields)
		if err != nil {
			return Case{}, err
		}
		u := Update{
			Before: &pair.before,
			After:  pair.after,
			Org:    &opened.Org,
			Notice: Notice{Event: Changed, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place), Fields: fields},
		}
		u.Record.Writes = []table.Write{entry}
		updates = append(updates, u)
		for name, difference := range WithoutInternal(fields) {
			key := fmt.Sprintf("%d %s", pair.after.Number, name)
			before[key], after[key] = difference.Before, difference.After
		}
	}
	if len(updates) == 0 {
		return opened.Case, nil
	}
	updates[0].Record.Writes = append(updates[0].Record.Writes, request.writes...)
	stored, err := s.CommitAll(ctx, by, change.Record{
		Action:  request.action,
		Message: fmt.Sprintf(request.message, opened.Number, other.Number),
		Before:  before,
		After:   after,
	}, updates...)
	for _, c := range request.touched {
		if table.ConflictAt(err, CaseKey(c.OrgID, c.ID, CaseSort)) {
			return Case{}, fault.Stale(c.Revision)
		}
	}
	if err != nil {
		return Case{}, err
	}
	if updates[0].After.ID != opened.ID {
		return opened.Case, nil
	}
	return stored[0], nil
}
