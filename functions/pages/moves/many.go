package moves

import (
	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

const (
	// movePath is the path of the form, which is that of the preview and the start too.
	movePath = "/platform/orgs/move"
	// mostMSPs is how many MSPs the form offers; more are found by a part of their name.
	mostMSPs = 200
	// release is the choice that makes direct customers.
	release = "release"
)

// moving is the form that gives organizations another provider.
type moving struct {
	ids []string
	// from is the MSP whose list they were ticked on; "" for that of direct customers.
	from string
	// to is the ID of the MSP, or release; "" before one was chosen.
	to string
	// operator and partner are the delegations.
	operator, partner bool
	// search is a part of the names of the MSPs that are offered, and more is set if there are
	// others.
	search string
	msps   []kit.Option
	more   bool
	// preview says what would be done; nil before it was asked for.
	preview *bulk.Preview
}

// request returns the action that the form asks for.
func (m moving) request() bulk.Request {
	request := bulk.Request{
		Action: bulk.Transfer, OrgIDs: m.ids, MSPID: m.to,
		Delegation: bulk.Delegation{Operator: &m.operator, Partner: &m.partner},
	}
	if m.to == release {
		request.Action, request.MSPID, request.Delegation.Partner = bulk.Release, "", nil
	}
	return request
}

// list returns the path of the list that the organizations were ticked on.
func (m moving) list() string {
	if uuid.Validate(m.from) != nil {
		return "/orgs"
	}
	return "/msps/" + m.from + "/orgs"
}

// target returns the name of the chosen MSP; "" for none.
func (m moving) target() string {
	for _, option := range m.msps {
		if option.Value == m.to && m.to != release {
			return option.Label
		}
	}
	return ""
}

// form reads the form, for operators.
func (p Pages) form(v *kit.Visit) (moving, error) {
	v.At(identity.ThePlatform())
	if err := v.By.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return moving{}, err
	}
	form := moving{
		ids: v.Several("id"), from: v.Line("from"), to: v.Line("msp_id"), operator: v.Ticked("operator"),
		partner: v.Ticked("partner"), search: v.Line("search"),
	}
	if !v.Ticked("asked") { // the form was not shown yet
		form.operator, form.partner = true, true
	}
	all, err := p.Tenants.MSPs(v.Context(), *v.By)
	if err != nil {
		return moving{}, err
	}
	form.offer(v, all)
	return form, nil
}

// offer fills in the MSPs to choose from: the chosen one, and those with the part in their names.
func (m *moving) offer(v *kit.Visit, all []tenant.MSP) {
	m.msps = []kit.Option{{Value: release, Label: v.T("None: make them direct customers")}}
	for _, msp := range all {
		switch {
		case msp.ID != m.to && !tenant.NameContains(msp.Name, m.search):
		case msp.ID != m.to && len(m.msps) > mostMSPs:
			m.more = true
		default:
			m.msps = append(m.msps, kit.Option{Value: msp.ID, Label: msp.Name})
		}
	}
}

// ask asks where the ticked organizations shall go.
func (p Pages) ask(v *kit.Visit) error {
	form, err := p.form(v)
	if err != nil {
		return err
	}
	if len(form.ids) == 0 {
		v.Warn(v.T("Tick the organizations first, and then choose what to do with them."))
		return v.GoTo(form.list())
	}
	return v.Show(movePage(v.Frame(v.T("Move %d organizations", len(form.ids))), form))
}

// preview shows what a move would do.
func (p Pages) preview(v *kit.Visit) error {
	form, err := p.form(v)
	if err != nil {
		return err
	}
	if v.Ticked("find") {
		return v.Show(movePage(v.Frame(v.T("Move %d organizations", len(form.ids))), form))
	}
	preview, err := p.OrgJobs.Preview(v.Context(), *v.By, "", form.request())
	if err != nil {
		return notMoved(v, err, form)
	}
	form.preview = &preview
	return v.Show(movePage(v.Frame(v.T("Move %d organizations", len(form.ids))), form))
}

// start starts the job that moves the organizations.
func (p Pages) start(v *kit.Visit) error {
	form, err := p.form(v)
	if err != nil {
		return err
	}
	created, err := p.OrgJobs.Create(v.Context(), *v.By, "", form.request())
	if err != nil {
		return notMoved(v, err, form)
	}
	return v.GoTo("/platform/jobs/" + created.ID)
}

func notMoved(v *kit.Visit, err error, form moving) error {
	refusal := kit.Refusal{Title: v.T("Move %d organizations", len(form.ids)), Heading: v.T("Nothing was changed")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return movePage(f, form) })
}
