package actions

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// action is how a page shows an action of package bulk.
type action struct {
	name bulk.Action
	// platform is set if only operators take the action, at the platform.
	platform bool
	// msp is set if only an MSP's organizations have it.
	msp bool
	// bastion is set if the action is for installations with a bastion.
	bastion bool
	// profiles is set if the form shows the operator profiles.
	profiles bool
	// label is what the list of actions calls it, title the heading of its page.
	label func(t kit.Teller) string
	title func(t kit.Teller, total int) string
	// word is what must be typed to start it; "" for nothing.
	word string
	// fields are the names of the form's fields that say what to do; options shows them, and is nil if
	// there is nothing to say.
	fields  []string
	options func(f *kit.Frame, form form) templ.Component
	// says says in the reader's language what changes, where package bulk says it in English; nil if it is
	// said otherwise.
	says func(t kit.Teller, form form) string
	// read reads the fields into the request.
	read func(form form, request *bulk.Request)
}

// all returns the actions in the order in which a list offers them.
func all() []action {
	return []action{
		labelling(),
		turning(bulk.ImageManagement, false, func(t kit.Teller) string { return t.T("Image management") }),
		turning(bulk.CustomerAlerts, false, func(t kit.Teller) string { return t.T("Customer alerts") }),
		turning(bulk.PreNotifications, true, func(t kit.Teller) string { return t.T("Pre-notifications") }),
		writing(),
		assigning(),
		staging(),
		unstaging(),
		deleting(),
	}
}

// find returns an action by its name.
func find(name string) (action, bool) {
	for _, one := range all() {
		if string(one.name) == name {
			return one, true
		}
	}
	return action{}, false
}

// Offered returns the actions that a reader may take on the organizations in the list of a place: an MSP,
// or the platform with its direct customers.
func Offered(v *kit.Visit, place identity.Place, copies *bastion.Service) ([]kit.Option, error) {
	operator := v.May(identity.RunPlatform, identity.ThePlatform())
	if place.Scope == identity.MSPScope && !v.May(identity.ChangeMSP, place) ||
		place.Scope != identity.MSPScope && !operator {
		return nil, nil
	}
	stages := false
	if operator {
		var err error
		if stages, err = copies.Stages(v.Context(), *v.By); err != nil {
			return nil, err
		}
	}
	var offered []kit.Option
	for _, one := range all() {
		if one.bastion && !stages || one.platform && !operator || one.msp && place.Scope != identity.MSPScope {
			continue
		}
		offered = append(offered, kit.Option{Value: string(one.name), Label: one.label(v)})
	}
	return offered, nil
}

// labelling is the action that gives and takes labels.
func labelling() action {
	return action{
		name: bulk.Label, msp: true,
		label:   func(t kit.Teller) string { return t.T("Labels") },
		title:   func(t kit.Teller, total int) string { return t.T("Label %d organizations", total) },
		fields:  []string{"add", "remove"},
		options: labelOptions,
		read: func(form form, request *bulk.Request) {
			request.Labels.Add, request.Labels.Remove = form.values["add"], form.values["remove"]
		},
	}
}

// turning is an action that turns a switch.
func turning(name bulk.Action, platform bool, label func(kit.Teller) string) action {
	return action{
		name: name, platform: platform, label: label,
		title: func(t kit.Teller, total int) string {
			return t.T("%[1]s of %[2]s", label(t), t.T("%d organizations", total))
		},
		fields: []string{"enabled"}, options: turnOptions,
		says: func(t kit.Teller, form form) string {
			if form.value("enabled") == "true" {
				return t.T("Turn on")
			}
			return t.T("Turn off")
		},
		read: func(form form, request *bulk.Request) {
			if value := form.value("enabled"); value != "" {
				on := value == "true"
				request.Enabled = &on
			}
		},
	}
}

// writing is the action that writes a mail to the organizations.
func writing() action {
	return action{
		name:   supportmail.Action,
		label:  func(t kit.Teller) string { return t.T("Support mail") },
		title:  func(t kit.Teller, total int) string { return t.T("Support mail to %d organizations", total) },
		fields: []string{"subject", "text", "html"}, options: mailOptions,
		read: func(form form, request *bulk.Request) {
			request.Mail = &bulk.Mail{
				Subject: form.value("subject"), Text: kit.UnixLines(form.value("text")), HTML: form.value("html"),
			}
		},
	}
}

// assigning is the action that assigns an operator profile.
func assigning() action {
	return action{
		name: profile.AssignAction, platform: true, profiles: true,
		label:  func(t kit.Teller) string { return t.T("Operator profile") },
		title:  func(t kit.Teller, total int) string { return t.T("Operator profile of %d organizations", total) },
		fields: []string{"profile_id", "default"}, options: profileOptions,
		read: func(form form, request *bulk.Request) {
			asDefault := form.value("default") != ""
			request.ProfileID, request.Enabled = form.value("profile_id"), &asDefault
		},
	}
}

// staging is the action that copies organizations to the bastion, and unstaging the one that deletes the
// copies.
func staging() action {
	return action{
		name: bastion.StageAction, platform: true, bastion: true,
		label: func(t kit.Teller) string { return t.T("Stage to the bastion") },
		title: func(t kit.Teller, total int) string { return t.T("Stage %d organizations to the bastion", total) },
		read:  func(form, *bulk.Request) {},
		says:  func(t kit.Teller, _ form) string { return t.T("Its id and its name are copied to the bastion.") },
	}
}

func unstaging() action {
	return action{
		name: bastion.UnstageAction, platform: true, bastion: true,
		label: func(t kit.Teller) string { return t.T("Unstage from the bastion") },
		title: func(t kit.Teller, total int) string { return t.T("Unstage %d organizations from the bastion", total) },
		read:  func(form, *bulk.Request) {},
		says:  func(t kit.Teller, _ form) string { return t.T("Its copy at the bastion is deleted.") },
	}
}

// deleting is the action that moves organizations to the bin.
func deleting() action {
	return action{
		name: life.DeleteAction, word: life.Confirmation,
		label: func(t kit.Teller) string { return t.T("Delete") },
		title: func(t kit.Teller, total int) string { return t.T("Delete %d organizations", total) },
		read:  func(form form, request *bulk.Request) { request.Confirm = form.confirm },
		says:  func(t kit.Teller, _ form) string { return t.T("Goes to the bin, and can be restored for 30 days.") },
	}
}
