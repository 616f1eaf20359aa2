package parsed

// Automatic says what kind of program seems to have sent a mail.
type Automatic uint8

const (
	// NotAutomatic is a mail that a person seems to have written.
	NotAutomatic Automatic = iota
	// AutoReply answers by itself: out of office, a receipt of another ticket system.
	AutoReply
	// Bounce reports what became of a mail, mostly that it could not be delivered.
	Bounce
	// Bulk is a notice, a newsletter, or a mail that went through a list.
	Bulk
	// ReadReceipt says that a mail was shown or deleted (RFC 8098).
	ReadReceipt
	// Complaint is a report that somebody calls a mail unwanted (RFC 5965).
	Complaint
	// Report counts mails or failures for whoever runs a domain: DMARC (RFC 7489), TLS (RFC 8460).
	Report
	// CalendarAnswer accepts or declines an invitation (RFC 6047).
	CalendarAnswer
)

var kindNames = [...]string{
	"none", "auto-reply", "bounce", "bulk", "read-receipt", "complaint", "report", "calendar-answer",
}

// String names the kind for the log.
func (a Automatic) String() string {
	if int(a) < len(kindNames) {
		return kindNames[a]
	}
	return kindNames[NotAutomatic]
}
