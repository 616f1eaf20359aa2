package mail

import (
	"slices"

	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// reportOf returns what a mail reports about an earlier mail of ours; nil if it is not a report.
func reportOf(content *parsed.Message) *intake.Report {
	delivery := content.Delivery
	if delivery == nil || content.Automatic != parsed.Bounce && content.Automatic != parsed.Complaint {
		return nil
	}
	report := &intake.Report{Kind: intake.Delivered, Permanent: delivery.Permanent()}
	if content.Returned != nil {
		report.Addresses = content.Returned.Addresses()
	}
	concerned := func(parsed.Recipient) bool { return true }
	delayed := func(r parsed.Recipient) bool { return r.Action == "delayed" }
	switch {
	case content.Automatic == parsed.Complaint:
		if delivery.Feedback != "not-spam" {
			report.Kind = intake.Complained
		}
	case delivery.Failed():
		report.Kind = intake.Bounced
		concerned = func(r parsed.Recipient) bool { return r.Action == "failed" || r.Permanent() }
	case slices.ContainsFunc(delivery.Recipients, delayed):
		report.Kind, concerned = intake.Delayed, delayed
	}
	for _, recipient := range delivery.Recipients {
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
