package intake

import "github.com/tenantry/tenantry/shared/mail/received"

// failed is the verdict of a failed check; other verdicts are a passed or inconclusive check.
const failed = "FAIL"

// passed is the verdict of a passed check.
const passed = "PASS"

// checkVerdicts refuses a mail because of its verdicts, except for those that an operator
// overruled.
func checkVerdicts(m received.Mail) error {
	v := m.Verdicts
	switch {
	case v.Virus == failed && !overruled(m, Virus):
		return refuse(Virus, "the virus scan found a virus")
	case v.Spam == failed && !overruled(m, Spam):
		return refuse(Spam, "the spam check judged the mail to be spam")
	case overruled(m, Forged):
		return nil
	case v.DMARC == failed && (v.DMARCPolicy == "quarantine" || v.DMARCPolicy == "reject"):
		return refuse(Forged,
			"the mail fails DMARC (SPF %s, DKIM %s), and the domain of its sender asks to %s such mails",
			orUnknown(v.SPF), orUnknown(v.DKIM), v.DMARCPolicy)
	case v.DMARC != passed && v.SPF == failed && v.DKIM == failed:
		return refuse(Forged,
			"the mail fails both SPF and DKIM: neither its route nor its signature matches its sender")
	}
	return nil
}

func orUnknown(verdict string) string {
	if verdict == "" {
		return "unknown"
	}
	return verdict
}
