// Package budget holds how much strangers and customers may use up of an installation, and reads
// these limits from the settings. The packages that store, send or compute something keep them.
package budget

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Limits are the budgets of an installation.
type Limits struct {
	// QuarantineBytes is how much mail the quarantine holds in total, and QuarantineDailyBytes how
	// much of it may come from one source in a day.
	QuarantineBytes, QuarantineDailyBytes int64
	// OrgBytes is how much an organization may store in files, and OrgDailyBytes how much of it on one
	// day; the operator can set others for an organization.
	OrgBytes, OrgDailyBytes int64
	// PasswordQueue is how many calls may wait until a password is hashed, besides those whose turn it
	// is. It is for one process.
	PasswordQueue int64
	// GuestMails is how many mails about cases of an organization go to people without an account in an
	// hour; further ones wait. PublicCopies is how many people of public mail domains the customers of
	// an organization put in copy in a day, and PublicDomains are such domains besides those of the
	// embedded list.
	GuestMails, PublicCopies int64
	PublicDomains            []string
	// Invites is how many invitations are sent for one place (the platform, an MSP, an organization) in
	// an hour.
	Invites int64
	// Relays are the networks of mail servers in front. What comes through them counts by the domain
	// of its sender. Read does not set it.
	Relays []netip.Prefix
}

// Setting is one setting.
type Setting struct {
	// Variable is the environment variable, Name the setting of the deployment on AWS, Default its
	// value where it is not set.
	Variable, Name, Default string
	// read reads a value. The error says what a valid one is.
	read func(text string, into *Limits) error
}

// Settings lists the settings in the order of the documentation.
func Settings() []Setting {
	return []Setting{
		size("TENANTRY_QUARANTINE_SIZE", "quarantineSize", "2GiB",
			func(l *Limits) *int64 { return &l.QuarantineBytes }),
		size("TENANTRY_QUARANTINE_DAILY", "quarantineDaily", "100MiB",
			func(l *Limits) *int64 { return &l.QuarantineDailyBytes }),
		size("TENANTRY_ORG_STORAGE", "orgStorage", "20GiB",
			func(l *Limits) *int64 { return &l.OrgBytes }),
		size("TENANTRY_ORG_STORAGE_DAILY", "orgStorageDaily", "2GiB",
			func(l *Limits) *int64 { return &l.OrgDailyBytes }),
		number("TENANTRY_PASSWORD_QUEUE", "passwordQueue", "64",
			func(l *Limits) *int64 { return &l.PasswordQueue }),
		number("TENANTRY_GUEST_MAILS_PER_HOUR", "guestMailsPerHour", "200",
			func(l *Limits) *int64 { return &l.GuestMails }),
		number("TENANTRY_PUBLIC_COPIES_PER_DAY", "publicCopiesPerDay", "20",
			func(l *Limits) *int64 { return &l.PublicCopies }),
		number("TENANTRY_INVITES_PER_HOUR", "invitesPerHour", "200",
			func(l *Limits) *int64 { return &l.Invites }),
		domains("TENANTRY_PUBLIC_MAIL_DOMAINS", "publicMailDomains",
			func(l *Limits) *[]string { return &l.PublicDomains }),
	}
}

// size returns the setting of a size in MiB or GiB.
func size(variable, name, usual string, field func(*Limits) *int64) Setting {
	return Setting{variable, name, usual, func(text string, into *Limits) error {
		value, err := Size(text)
		if err != nil {
			return fmt.Errorf("set a size in MiB or GiB, as in %s", usual)
		}
		*field(into) = value
		return nil
	}}
}

// number returns the setting of a whole number.
func number(variable, name, usual string, field func(*Limits) *int64) Setting {
	return Setting{variable, name, usual, func(text string, into *Limits) error {
		value, err := strconv.ParseInt(text, 10, 32)
		if err != nil || value < 0 {
			return fmt.Errorf("set a whole number, as in %s", usual)
		}
		*field(into) = value
		return nil
	}}
}

// domains returns the setting of a list of domains, which is empty by default.
func domains(variable, name string, field func(*Limits) *[]string) Setting {
	return Setting{variable, name, "", func(text string, into *Limits) error {
		var list []string
		for part := range strings.SplitSeq(text, ",") {
			part = strings.ToLower(strings.TrimSpace(part))
			if part == "" {
				continue
			}
			if !strings.Contains(part, ".") || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
				return errors.New("set domains separated by commas, as in mail.example,city.example")
			}
			list = append(list, part)
		}
		*field(into) = list
		return nil
	}}
}

// Usual returns the limits of an installation that sets none.
func Usual() Limits {
	limits, err := Read(func(string) (string, bool) { return "", false })
	if err != nil {
		panic("budget: " + err.Error()) // a mistake in Settings
	}
	return limits
}

// Read reads the limits; lookup returns an environment variable, as os.LookupEnv does. The error
// says how to correct the setting.
func Read(lookup func(string) (string, bool)) (Limits, error) {
	var limits Limits
	for _, setting := range Settings() {
		text, _ := lookup(setting.Variable)
		if text == "" {
			text = setting.Default
		}
		if err := setting.read(text, &limits); err != nil {
			return Limits{}, fmt.Errorf("%s is %q: %w", setting.Variable, text, err)
		}
	}
	return limits, nil
}

// Check returns an error that says how to correct a value of the setting.
func (s Setting) Check(text string) error {
	return s.read(text, &Limits{})
}

// Size reads a size such as 100MiB or 2GiB, in bytes.
func Size(text string) (int64, error) {
	text = strings.TrimSpace(text)
	for unit, bytes := range map[string]int64{"MiB": 1 << 20, "GiB": 1 << 30} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			value, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
			if err != nil || value < 0 || value > math.MaxInt64/2/bytes {
				return 0, fmt.Errorf("budget: %q is no size", text)
			}
			return value * bytes, nil
		}
	}
	return 0, fmt.Errorf("budget: %q has no unit", text)
}

// InWords writes a size for people, as in "2 GiB" or "1.5 MiB".
func InWords(bytes int64) string {
	unit, name := float64(1<<20), "MiB"
	if bytes >= 1<<30 {
		unit, name = 1<<30, "GiB"
	} else if bytes < 1<<20 {
		unit, name = 1<<10, "KiB"
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(bytes)/unit, 'f', 1, 64), ".0") + " " + name
}
