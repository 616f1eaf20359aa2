package support

// failed is the verdict of a check that a mail did not pass; others are that it passed, or that
// the check could not tell.
const failed = "FAIL"

// passed is the verdict of a check that a mail did pass.
const passed = "PASS"

// Verdicts are what a service that takes mail in found out about one, in the words of Amazon SES:
// PASS, FAIL, GRAY (it cannot tell), PROCESSING_FAILED; empty where it did not check.
type Verdicts struct {
	Virus string `json:"virus,omitempty"`
	Spam  string `json:"spam,omitempty"`
	// SPF (RFC 7208) and DKIM (RFC 6376) are about the envelope's sender and the signature, DMARC
	// (RFC 7489) about whether one of them stands for the domain in the From header.
	SPF   string `json:"spf,omitempty"`
	DKIM  string `json:"dkim,omitempty"`
	DMARC string `json:"dmarc,omitempty"`
	// DMARCPolicy is what that domain asks to be done with mails that fail: none, quarantine or reject.
	DMARCPolicy string `json:"dmarc_policy,omitempty"`
}

// check refuses a mail by its verdicts, but for those that an operator overruled.
func (r Received) check() error {
	v := r.Verdicts
	switch {
	case v.Virus == failed && !r.overruled(Virus):
		return refuse(Virus, "the virus scan found something")
	case v.Spam == failed && !r.overruled(Spam):
		return refuse(Spam, "the spam check judged the mail to be spam")
	case r.overruled(Forged):
		return nil
	case v.DMARC == failed && (v.DMARCPolicy == "quarantine" || v.DMARCPolicy == "reject"):
		return refuse(Forged, "the mail fails DMARC (SPF %s, DKIM %s), and the domain of its sender asks to %s such mails",
			orUnknown(v.SPF), orUnknown(v.DKIM), v.DMARCPolicy)
	case v.DMARC != passed && v.SPF == failed && v.DKIM == failed:
		return refuse(Forged, "the mail fails SPF and DKIM both: neither its way nor its signature is that of its sender")
	}
	return nil
}

func orUnknown(verdict string) string {
	if verdict == "" {
		return "unknown"
	}
	return verdict
}
