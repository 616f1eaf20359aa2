package demo

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// foundDesks gives every provider lists of values, a service level and prepared answers.
func (b *builder) foundDesks(ctx context.Context) error {
	type provider struct {
		mspID  string
		by     identity.Principal
		agents []identity.Principal
		policy servicelevel.Policy
	}
	providers := []provider{
		{b.msps[0].ID, b.msps[0].admin, b.msps[0].agents, promise("Gold, around the clock", servicelevel.Calendar{
			TimeZone: "Europe/Rome", Always: true,
		}, 1)},
		{b.msps[1].ID, b.msps[1].admin, b.msps[1].agents, promise("Kontortid", officeHours("Europe/Oslo",
			servicelevel.Holiday{Date: "05-17", Name: "Grunnlovsdagen"},
			servicelevel.Holiday{Date: "12-24", Name: "Julaften"},
		), 2)},
		{b.msps[2].ID, b.msps[2].admin, b.msps[2].agents, promise("営業時間内", officeHours("Asia/Tokyo",
			servicelevel.Holiday{Date: "05-05", Name: "こどもの日"},
			servicelevel.Holiday{Date: "11-03", Name: "文化の日"},
		), 2)},
		{"", b.operator, b.agents, promise("Business hours", officeHours("Europe/Berlin",
			servicelevel.Holiday{Date: "05-01", Name: "May Day"},
			servicelevel.Holiday{Date: "12-25", Name: "Christmas Day"},
			servicelevel.Holiday{Date: "12-26", Name: "Boxing Day"},
		), 2)},
	}
	for _, one := range providers {
		b.pass(day / 8)
		if _, err := b.Services.Desk.ChangeSetting(ctx, one.by, one.mspID, 0, func(s *desk.Setting) {
			s.Components, s.Versions = components(), versions()
			s.Environments = listed("campus", "branch", "data_center", "cloud", "home_office")
			s.AskSatisfaction, s.ServiceLevel = true, &one.policy
			s.Hints = hints()
			for _, agent := range one.agents[:min(2, len(one.agents))] {
				s.DeskIDs = append(s.DeskIDs, agent.UserID)
			}
		}); err != nil {
			return fmt.Errorf("demo: the desk of %q: %w", one.mspID, err)
		}
		for _, answer := range answers() {
			if _, err := b.Services.Desk.AddAnswer(ctx, one.by, one.mspID, answer); err != nil {
				return fmt.Errorf("demo: the answer %s: %w", answer.Name, err)
			}
		}
		for _, agent := range one.agents[:min(2, len(one.agents))] {
			if err := b.saveViews(ctx, agent); err != nil {
				return err
			}
		}
		if err := b.Settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// promise returns a policy; factor makes its times longer.
func promise(name string, calendar servicelevel.Calendar, factor int) servicelevel.Policy {
	policy := servicelevel.Policy{Name: name, Calendar: calendar}
	for i, hours := range [servicelevel.Severities][2]int{{1, 8}, {2, 24}, {4, 48}, {8, 96}} {
		policy.Targets[i] = servicelevel.Targets{
			FirstAnswer: servicelevel.Target{Minutes: hours[0] * factor * 60, WarnAtPercent: 50},
			Solution:    servicelevel.Target{Minutes: hours[1] * factor * 60, WarnMinutesBefore: 60},
		}
	}
	return policy
}

// officeHours returns a calendar of a working week.
func officeHours(zone string, holidays ...servicelevel.Holiday) servicelevel.Calendar {
	long := []servicelevel.Interval{{Start: "08:00", End: "18:00"}}
	short := []servicelevel.Interval{{Start: "08:00", End: "15:30"}}
	return servicelevel.Calendar{
		TimeZone: zone, Holidays: holidays,
		Hours: servicelevel.Week{Monday: long, Tuesday: long, Wednesday: long, Thursday: long, Friday: short},
	}
}

// The components of the problems.
const (
	wireless = "wireless"
	wired    = "wired"
	wan      = "wan"
	vpn      = "vpn"
	portal   = "portal"
	power    = "power"
)

func components() []desk.Choice {
	return []desk.Choice{
		{Value: wireless, Label: "Wireless LAN"}, {Value: wired, Label: "Switching"}, {Value: wan, Label: "WAN and Internet"},
		{Value: vpn, Label: "VPN"}, {Value: portal, Label: "Guest portal"}, {Value: power, Label: "Power over Ethernet"},
		{Value: "token_ring", Label: "Token Ring", Retired: true},
	}
}

func versions() []desk.Choice {
	return append(listed("8.0.3", "8.1.0", "8.1.2"), desk.Choice{Value: "7.4.9", Retired: true})
}

func listed(values ...string) []desk.Choice {
	choices := make([]desk.Choice, len(values))
	for i, value := range values {
		choices[i].Value = value
	}
	return choices
}

func answers() []desk.Answer {
	return []desk.Answer{
		{Name: "First answer: we are looking at it", Text: "Hello {{requester}},\n\nthank you for reporting “{{subject}}”. " +
			"We are looking at the logs of {{organization}} and will write again today.\n\n{{agent}}"},
		{Name: "Ask for a packet capture", Text: "Hello {{requester}},\n\nplease capture traffic on the affected port for two " +
			"minutes while the problem occurs, and attach the file to case {{case_number}}.\n\n{{agent}}"},
		{Name: "Maintenance window", Text: "Hello {{requester}},\n\nwe suggest to install the new firmware tonight between 22:00 and " +
			"23:00. Access points restart one after the other; each is away for about four minutes. May we go ahead?\n\n{{agent}}"},
		{Name: "Réponse : redémarrage planifié", Text: "Bonjour {{requester}},\n\nnous redémarrerons le commutateur cette nuit à 22 h. " +
			"La coupure durera environ trois minutes.\n\n{{agent}}"},
		{Name: "解決のお知らせ", Text: "{{requester}} 様\n\nお問い合わせ番号 {{case_number}} の件、対応が完了しました。" +
			"問題が再発した場合は、このメールにご返信ください。\n\n{{agent}}"},
	}
}

// hints stand under the fields of the form for a new case.
func hints() map[string]desk.Hint {
	return map[string]desk.Hint{
		"subject":  {Text: "One problem for each case."},
		"severity": {Text: "1 is for an outage of a whole site."},
		"attachments": {
			Text: "The log of the device helps most.", Link: "https://help.example/logs", Label: "How to save it",
		},
	}
}
