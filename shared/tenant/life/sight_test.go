package life_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// customer is what the model knows of an organization.
type customer struct {
	id, mspID string
	labels    []string
	// deleted is set while it is in the bin; moving until its cases have followed it to its provider.
	deleted, moving bool
	own             identity.Principal
	number          int64 // of its case
}

// observer is somebody who sees some organizations.
type observer struct {
	identity.Principal
	name string
	// reaches says whether a role of the observer is for a customer, and grantee whose consents it needs; "" for
	// those of the organization.
	reaches func(customer) bool
	grantee identity.Grantee
	// hidden is set if the observer does not even see organizations that withhold support access, and
	// casesless if the role does not show cases.
	hidden, casesless bool
}

// sight is an installation with its model.
type sight struct {
	*supporttest.World
	customers []*customer
	observers []observer
	labels    []string
}

func newSight(t *testing.T) *sight {
	t.Helper()
	s := &sight{World: &supporttest.World{Estate: apptest.NewEstate(t), T: t}}
	for _, name := range []string{"Retail", "Hotels"} {
		label, err := s.Tenants.NewLabel(t.Context(), s.Operator(), s.MSP.ID, tenant.LabelChange{Name: &name})
		s.Must(err)
		s.labels = append(s.labels, label.ID)
	}
	at := func(mspID string) func(customer) bool { return func(c customer) bool { return c.mspID == mspID } }
	retail := s.labels[0]
	s.observers = []observer{
		{
			Principal: s.Operator(), name: "the operator", casesless: true, grantee: identity.ToOperator,
			reaches: func(customer) bool { return true },
		},
		{
			Principal: s.SupportAgent(), name: "the support agent", grantee: identity.ToOperator, hidden: true,
			reaches: func(customer) bool { return true },
		},
		{
			Principal: s.Person(s.MSP.Place(), identity.Admin), name: "the MSP", grantee: identity.ToMSP,
			reaches: at(s.MSP.ID),
		},
		{
			Principal: s.Person(s.ForeignMSP.Place(), identity.Admin), name: "the other MSP", grantee: identity.ToMSP,
			reaches: at(s.ForeignMSP.ID),
		},
		{
			Principal: s.Below(s.MSP.Place(),
				identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: retail}),
			name: "the role at a label", grantee: identity.ToMSP,
			reaches: func(c customer) bool { return c.mspID == s.MSP.ID && slices.Contains(c.labels, retail) },
		},
	}
	return s
}

// create creates a customer with a case.
func (s *sight) create(mspID string) {
	org := s.NewOrg(mspID, "Customer")
	own := s.Person(org.Place(), identity.Admin)
	c, err := s.Cases.Create(s.T.Context(), own, org.ID, supporttest.Request("No Wi-Fi"))
	s.Must(err)
	s.customers = append(s.customers, &customer{id: org.ID, mspID: mspID, own: own, number: c.Number})
}

// compare compares what everybody sees of each customer with the model. Consents are those that are stored:
// which ones a move leaves is another test's matter.
func (s *sight) compare(rt *rapid.T) {
	rt.Helper()
	for _, c := range s.customers {
		var granted identity.Granted
		if !c.deleted {
			org, err := s.Tenants.LoadOrg(s.T.Context(), c.id)
			s.Must(err)
			if granted = org.Granted; org.MSPID != c.mspID || !slices.Equal(org.Labels, c.labels) {
				rt.Fatalf("the organization is %+v, want %+v", org, c)
			}
		}
		for _, by := range s.observers {
			supported := granted.Has(identity.SupportAccess, by.grantee)
			sees := !c.deleted && by.reaches(*c) && (!by.hidden || supported)
			s.agree(rt, by.Principal, by.name, *c, sees, sees && supported && !by.casesless)
		}
		s.agree(rt, c.own, "the customer", *c, !c.deleted, !c.deleted)
	}
	s.compareLists(rt)
}

// agree compares whether somebody sees a customer, and its cases.
func (s *sight) agree(rt *rapid.T, by identity.Principal, name string, c customer, sees, cases bool) {
	rt.Helper()
	want, wantCases := fault.Code(""), fault.Code("")
	if !sees {
		want, wantCases = fault.NotFound, fault.NotFound
	} else if !cases {
		wantCases = fault.Forbidden
	}
	if _, err := s.Tenants.Org(s.T.Context(), by, c.id, identity.SeeOrg); fault.CodeOf(err) != want {
		rt.Fatalf("%s reads %+v: %v, want %q", name, c, err, want)
	}
	page, err := s.Lists.Search(s.T.Context(), by, lists.Scope{OrgID: c.id}, lists.Query{State: "open", Limit: 5})
	if fault.CodeOf(err) != wantCases || cases && len(page.Lines) != 1 {
		rt.Fatalf("%s reads the cases of %+v: %v, %v, want %q", name, c, page.Lines, err, wantCases)
	}
}

// compareLists compares the lists of organizations and of cases over the MSPs.
func (s *sight) compareLists(rt *rapid.T) {
	rt.Helper()
	for _, by := range s.observers[2:] {
		mspID := s.MSP.ID
		if by.name == "the other MSP" {
			mspID = s.ForeignMSP.ID
		}
		page, err := s.Directory.List(s.T.Context(), by.Principal, directory.Scope{MSPID: mspID},
			directory.Query{Name: "Customer", Limit: 100})
		s.Must(err)
		found := map[string]bool{}
		for _, org := range page.Orgs {
			found[org.ID] = true
		}
		numbers := s.All(by.Principal, lists.Scope{MSPID: mspID}, lists.Query{State: "open", Limit: 50})
		for _, c := range s.customers {
			reached := !c.deleted && by.reaches(*c)
			if found[c.id] != reached {
				rt.Fatalf("%s finds %+v: %v", by.name, c, found[c.id])
			}
			if slices.Contains(numbers, c.number) && !reached {
				rt.Fatalf("%s finds the case of %+v", by.name, c)
			}
		}
	}
}

// follow does what follows from moves and deletions, each twice.
func (s *sight) follow(handled map[string]bool) {
	for _, c := range s.customers {
		for range 2 {
			if c.moving && !c.deleted {
				s.Must(s.Handover.Finish(s.T.Context(), c.id))
			}
		}
		c.moving = c.moving && c.deleted
	}
	tend(s.World, handled)
}

// TestEverybodySeesWhatTheModelSays creates, labels, transfers, releases, deletes and restores organizations
// and changes consents at random, and compares what everybody sees with a model of who may.
func TestEverybodySeesWhatTheModelSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, ctx, handled := newSight(t), t.Context(), map[string]bool{}
		msps := []string{"", s.MSP.ID, s.ForeignMSP.ID}
		s.create(s.MSP.ID)
		s.create("")
		for range rapid.IntRange(4, 16).Draw(rt, "steps") {
			c := rapid.SampledFrom(s.customers).Draw(rt, "of")
			steps := []string{"create", "label", "label", "transfer", "transfer", "delete", "restore", "consent", "follow"}
			switch step := rapid.SampledFrom(steps).Draw(rt, "step"); step {
			case "create":
				s.create(rapid.SampledFrom(msps).Draw(rt, "msp"))
			case "label":
				chosen := rapid.SliceOfDistinct(rapid.SampledFrom(s.labels), rapid.ID).Draw(rt, "labels")
				slices.Sort(chosen)
				_, err := s.Tenants.ChangeOrg(ctx, s.Operator(), c.id, tenant.OrgChange{Labels: &chosen})
				switch {
				case c.deleted:
					s.Wants(fault.NotFound, err)
				case c.mspID != s.MSP.ID && len(chosen) > 0:
					s.Wants(fault.Invalid, err)
				default:
					s.Must(err)
					if c.labels = chosen; len(chosen) == 0 {
						c.labels = nil
					}
				}
			case "transfer":
				to := rapid.SampledFrom(msps).Draw(rt, "to")
				_, err := s.Tenants.TransferOrg(ctx, s.Operator(), c.id, tenant.Transfer{MSPID: to, Operator: true, Partner: true})
				switch {
				case c.deleted:
					s.Wants(fault.NotFound, err)
				case to != c.mspID && c.moving:
					s.Wants(fault.Conflict, err)
				default:
					s.Must(err)
					if to != c.mspID {
						c.mspID, c.labels, c.moving = to, nil, true
					}
				}
			case "delete":
				_, err := s.Life.Delete(ctx, s.Operator(), c.id)
				switch {
				case c.deleted:
					s.Wants(fault.NotFound, err)
				case c.moving:
					s.Wants(fault.Conflict, err)
				default:
					s.Must(err)
					c.deleted = true
				}
			case "restore":
				_, err := s.Life.Restore(ctx, s.Operator(), c.id)
				if !c.deleted {
					s.Wants(fault.Conflict, err)
					break
				}
				s.Must(err)
				c.deleted = false
			case "consent":
				kind := rapid.SampledFrom(identity.ConsentKinds()).Draw(rt, "kind")
				grantee := rapid.SampledFrom(identity.Grantees()).Draw(rt, "grantee")
				if c.deleted || grantee == identity.ToMSP && c.mspID == "" {
					continue
				}
				_, err := s.Tenants.ChangeConsent(ctx, s.Fresh(c.own), c.id,
					tenant.Decision{Kind: kind, Grantee: grantee, Granted: rapid.Bool().Draw(rt, "granted")})
				s.Must(err)
			case "follow":
				s.follow(handled)
			}
			s.IndexAll()
			for _, one := range s.customers {
				s.Must(s.Directory.IndexNow(ctx, one.id))
			}
			s.compare(rt)
		}
		s.follow(handled)
		s.follow(map[string]bool{}) // whatever has happened, a second time and late
		s.compare(rt)
		if result := s.Verify(false); len(result.Mismatches) > 0 {
			rt.Fatalf("%+v", result.Mismatches)
		}
	})
}
