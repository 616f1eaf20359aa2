package mail

import (
	"slices"

	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// reportOf takes from a mail what it says about a mail that was sent before; nil if it says nothing.
func reportOf(parsed *incoming.Message) *intake.Report {
	told := parsed.Delivery
	if told == nil || parsed.Automatic != incoming.Bounce && parsed.Automatic != incoming.Complaint {
		return nil
	}
	report := &intake.Report{Kind: intake.Delivered, Permanent: told.Permanent()}
	if parsed.Returned != nil {
		report.Addresses = parsed.Returned.Addresses()
	}
	concerned := func(incoming.Recipient) bool { return true }
	delayed := func(r incoming.Recipient) bool { return r.Action == "delayed" }
	switch {
	case parsed.Automatic == incoming.Complaint:
		if told.Feedback != "not-spam" {
			report.Kind = intake.Complained
		}
	case told.Failed():
		report.Kind = intake.Bounced
		concerned = func(r incoming.Recipient) bool { return r.Action == "failed" || r.Permanent() }
	case slices.ContainsFunc(told.Recipients, delayed):
		report.Kind, concerned = intake.Delayed, delayed
	}
	for _, recipient := range told.Recipients {
		if !concerned(recipient) {
			continue
		}
		if report.Status == "" && report.Diagnostic == "" {
			report.Status, report.Diagnostic = recipient.Status, recipient.Diagnostic
		}
		for _, address := range []string{recipient.Final, recipient.Original} {
			if address != "" && !slices.Contains(report.Recipients, address) {
				report.Recipients = append(report.Recipients, address)
			}
		}
	}
	return report
}
