package parsed

// Automatic is the kind of program that seems to have sent a mail.
type Automatic uint8

const (
	// NotAutomatic is a mail that a person seems to have written.
	NotAutomatic Automatic = iota
	// AutoReply is an automatic reply: out of office, a receipt of another ticket system.
	AutoReply
	// Bounce reports the delivery of a mail, mostly its failure.
	Bounce
	// Bulk is a notification, a newsletter, or a mail through a list.
	Bulk
	// ReadReceipt says that a mail was shown or deleted (RFC 8098).
	ReadReceipt
	// Complaint reports that a recipient calls a mail unwanted (RFC 5965).
	Complaint
	// Report has statistics for the owner of a domain: DMARC (RFC 7489), TLS (RFC 8460).
	Report
	// CalendarAnswer accepts or declines an invitation (RFC 6047).
	CalendarAnswer
)

var kindNames = [...]string{
	"none", "auto-reply", "bounce", "bulk", "read-receipt", "complaint", "report", "calendar-answer",
}

// String returns the name of the kind, for the log.
func (a Automatic) String() string {
	if int(a) < len(kindNames) {
		return kindNames[a]
	}
	return kindNames[NotAutomatic]
}
