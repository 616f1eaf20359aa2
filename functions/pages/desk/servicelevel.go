package desk

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// levels is the service level of a provider as its page shows it.
type levels struct {
	provider
	form     policyForm
	revision int64
	// policy is what is stored; nil for none.
	policy *servicelevel.Policy
	// conflict is set if the form has something else, because somebody else changed what is stored.
	conflict bool
}

func (l levels) path() string { return l.provider.path + "/desk/service-levels" }

// levels shows the service level, with a form for those who may change it.
func (p Pages) levels(v *kit.Visit) error {
	shown, err := p.readLevels(v)
	if err != nil {
		return err
	}
	return v.Show(levelsPage(v.Frame(v.T("Service levels of %s", shown.Name)), shown))
}

func (p Pages) readLevels(v *kit.Visit) (levels, error) {
	at, setting, err := p.setting(v)
	if err != nil {
		return levels{}, err
	}
	shown := levels{provider: at, revision: revisionOf(setting), policy: setting.ServiceLevel}
	if shown.policy == nil {
		shown.form = newPolicyForm(v.Zone())
	} else {
		shown.form = policyFormOf(*shown.policy)
	}
	return shown, nil
}

// changeLevels replaces the service level.
func (p Pages) changeLevels(v *kit.Visit) error {
	shown, err := p.readLevels(v)
	if err != nil {
		return err
	}
	shown.form = typedPolicy(v)
	policy, err := shown.form.policy()
	if err == nil {
		_, err = p.Desk.ChangeSetting(v.Context(), *v.By, shown.MSPID, revision(v), func(s *desk.Setting) {
			s.ServiceLevel = &policy
		})
	}
	if err != nil {
		shown.conflict = overtaken(err)
		refusal := kit.Refusal{
			Title: v.T("Service levels of %s", shown.Name), Heading: v.T("The service level was not saved"),
		}
		return v.Again(inForm(err), refusal, func(f *kit.Frame) templ.Component { return levelsPage(f, shown) })
	}
	v.Done(v.T("The service level was saved. It applies from now on, also to open cases."))
	return v.GoTo(shown.path())
}

// askNoLevels asks whether the service level shall be removed.
func (p Pages) askNoLevels(v *kit.Visit) error {
	shown, err := p.readLevels(v)
	if err == nil {
		err = v.By.Check(identity.ChangeDesk, shown.Place)
	}
	if err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Service levels of %s", shown.Name), Path: shown.path()})
	return v.Show(noLevelsPage(v.Frame(v.T("Remove the service level of %s?", shown.Name)), shown))
}

// noLevels removes the service level.
func (p Pages) noLevels(v *kit.Visit) error {
	shown, err := p.readLevels(v)
	if err != nil {
		return err
	}
	_, err = p.Desk.ChangeSetting(v.Context(), *v.By, shown.MSPID, revision(v), func(s *desk.Setting) {
		s.ServiceLevel = nil
	})
	if err != nil {
		refusal := kit.Refusal{
			Title: v.T("Remove the service level of %s?", shown.Name), Heading: v.T("The service level was not removed"),
		}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return noLevelsPage(f, shown) })
	}
	v.Done(v.T("The service level was removed. New cases have no targets."))
	return v.GoTo(shown.path())
}
