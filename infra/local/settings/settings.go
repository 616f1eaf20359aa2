// Package settings reads the settings of Tenantry on one machine from the environment. An invalid
// setting is rejected with a sentence that says how to fix it.
package settings

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Settings are the settings of one machine.
type Settings struct {
	// Address is the address for HTTP, SMTPAddress the one for incoming mail.
	Address, SMTPAddress string
	// Data is the folder that holds everything: the database, the files, the secret.
	Data string
	// BaseURL is how clients reach the HTTP server, without a slash at the end.
	BaseURL string
	// MailDomain is the domain whose mail the SMTP server receives, in lower case.
	MailDomain string
	// Relay is the SMTP server for outgoing mail; "" stores mail in the outbox folder.
	Relay string
	// ShowMail shows the mails of the outbox folder at /dev/mail, to this machine.
	ShowMail bool
	// SMTPCertificate and SMTPKey are the files of the certificate that the SMTP server offers STARTTLS
	// with; both or neither are set.
	SMTPCertificate, SMTPKey string
	// LogFormat is "text" or "json"; LogLevel "debug", "info", "warn" or "error".
	LogFormat, LogLevel string
	// NoticeSeconds is for how long changes of a case are collected before people get a mail about
	// them.
	NoticeSeconds int
	// Workers is how many workers serve a queue at the same time, by the queue's name.
	Workers map[string]int
	// MailsPerSecond is how many mails are sent a second through the relay; 0 for no limit.
	MailsPerSecond int
	// DiskReserve is the free space below which no files are stored.
	DiskReserve DiskReserve
	// Connections is how many HTTP connections are open at the same time; one source has a quarter of
	// them.
	Connections int
	// SMTPConnections is how many SMTP connections are open at the same time; one source has a tenth of
	// them.
	SMTPConnections int
	// CallsPerHour is how many API calls a person or token may make per hour.
	CallsPerHour int
	// Budgets are how much strangers and customers may use up.
	Budgets budget.Limits
	// TrustedProxies are the networks whose X-Forwarded-For header is believed.
	TrustedProxies []netip.Prefix
	// NewOrgs is what new organizations consent to.
	NewOrgs tenant.Start
	// Region is the name of the installation.
	Region string
	// Senders configures how the senders of incoming mails are checked.
	Senders Senders
	// BastionHosts are hosts with their ports, as in bastion.example.com:443, where the bastion may be called
	// though their addresses are not public.
	BastionHosts []string
}

// Secure reports whether clients use https.
func (s Settings) Secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// Read reads the settings; lookup returns an environment variable, as os.LookupEnv does.
func Read(lookup func(string) (string, bool)) (Settings, error) {
	get := func(name, otherwise string) string {
		if value, ok := lookup(name); ok && value != "" {
			return value
		}
		return otherwise
	}
	s := Settings{
		Address:         get("TENANTRY_ADDR", "127.0.0.1:8080"),
		SMTPAddress:     get("TENANTRY_SMTP_ADDR", "127.0.0.1:2525"),
		Data:            get("TENANTRY_DATA", "./data"),
		MailDomain:      strings.ToLower(get("TENANTRY_MAIL_DOMAIN", "tenantry.localhost")),
		Relay:           get("TENANTRY_SMTP_RELAY", ""),
		SMTPCertificate: get("TENANTRY_SMTP_TLS_CERT", ""),
		SMTPKey:         get("TENANTRY_SMTP_TLS_KEY", ""),
		LogFormat:       get("TENANTRY_LOG_FORMAT", "text"),
		LogLevel:        get("TENANTRY_LOG_LEVEL", "info"),
	}
	s.BaseURL = strings.TrimRight(get("TENANTRY_BASE_URL", "http://"+reachable(s.Address)), "/")
	for _, check := range []error{
		checkAddress("TENANTRY_ADDR", s.Address), checkAddress("TENANTRY_SMTP_ADDR", s.SMTPAddress),
		checkBaseURL(s.BaseURL), checkDomain(s.MailDomain),
		oneOf("TENANTRY_LOG_FORMAT", s.LogFormat, "text", "json"),
		oneOf("TENANTRY_LOG_LEVEL", s.LogLevel, "debug", "info", "warn", "error"),
	} {
		if check != nil {
			return Settings{}, check
		}
	}
	if (s.SMTPCertificate == "") != (s.SMTPKey == "") {
		return Settings{}, errors.New("TENANTRY_SMTP_TLS_CERT and TENANTRY_SMTP_TLS_KEY belong together: set both, or neither")
	}
	notices := get("TENANTRY_NOTICE_SECONDS", "5")
	var err error
	if s.NoticeSeconds, err = strconv.Atoi(notices); err != nil || s.NoticeSeconds < 0 || s.NoticeSeconds > 900 {
		return Settings{}, fmt.Errorf("TENANTRY_NOTICE_SECONDS is %q: set a whole number from 0 to 900, as in 5",
			notices)
	}
	if s.Workers, err = queue.ReadWorkers(get("TENANTRY_WORKERS", ""), usualWorkers(), 1, mostWorkers); err != nil {
		return Settings{}, fmt.Errorf("TENANTRY_WORKERS: %w", err)
	}
	pace := get("TENANTRY_MAILS_PER_SECOND", "0")
	if s.MailsPerSecond, err = strconv.Atoi(pace); err != nil || s.MailsPerSecond < 0 {
		return Settings{}, fmt.Errorf("TENANTRY_MAILS_PER_SECOND is %q: set a whole number, as in 14, or 0 for no limit", pace)
	}
	if s.DiskReserve, err = readReserve(get("TENANTRY_DISK_RESERVE", "5%,1GiB")); err != nil {
		return Settings{}, err
	}
	connections := get("TENANTRY_CONNECTIONS", "2000")
	if s.Connections, err = strconv.Atoi(connections); err != nil || s.Connections < 10 {
		return Settings{}, fmt.Errorf("TENANTRY_CONNECTIONS is %q: set a whole number of at least 10, as in 2000", connections)
	}
	connections = get("TENANTRY_SMTP_CONNECTIONS", "200")
	if s.SMTPConnections, err = strconv.Atoi(connections); err != nil || s.SMTPConnections < 10 {
		return Settings{}, fmt.Errorf("TENANTRY_SMTP_CONNECTIONS is %q: set a whole number of at least 10, as in 200",
			connections)
	}
	calls := get("TENANTRY_CALLS_PER_HOUR", "5000")
	if s.CallsPerHour, err = strconv.Atoi(calls); err != nil || s.CallsPerHour < 1 {
		return Settings{}, fmt.Errorf("TENANTRY_CALLS_PER_HOUR is %q: set a whole number above 0, as in 5000", calls)
	}
	if s.Budgets, err = budget.Read(lookup); err != nil {
		return Settings{}, err
	}
	s.NewOrgs, err = tenant.ParseStart(get("TENANTRY_NEW_ORG_CONSENTS", ""), get("TENANTRY_NEW_ORG_CONSENT_DAYS", ""))
	if err != nil {
		return Settings{}, fmt.Errorf("TENANTRY_NEW_ORG_CONSENTS or TENANTRY_NEW_ORG_CONSENT_DAYS is %w", err)
	}
	if s.Region, err = tenant.ParseRegion(get("TENANTRY_REGION", "")); err != nil {
		return Settings{}, fmt.Errorf("TENANTRY_REGION is %w", err)
	}
	s.TrustedProxies, err = readNetworks("TENANTRY_TRUSTED_PROXIES", get("TENANTRY_TRUSTED_PROXIES", ""))
	if err != nil {
		return Settings{}, err
	}
	if s.BastionHosts, err = readHosts("TENANTRY_BASTION_HOSTS", get("TENANTRY_BASTION_HOSTS", "")); err != nil {
		return Settings{}, err
	}
	s.Senders, err = readSenders(get("TENANTRY_SENDER_CHECK", ""),
		onThisMachine(s.SMTPAddress) && s.Relay == "" && !s.Secure())
	if err != nil {
		return Settings{}, err
	}
	s.ShowMail, err = readShowMail(get("TENANTRY_DEV_MAIL", "off"), s)
	return s, err
}

// readHosts reads a list of hosts with their ports.
func readHosts(name, text string) ([]string, error) {
	var hosts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		host, port, err := net.SplitHostPort(part)
		if number, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || number == 0 || host == "" {
			return nil, fmt.Errorf("%s is %q: set hosts with their ports, as in bastion.example.com:443", name, text)
		}
		hosts = append(hosts, part)
	}
	return hosts, nil
}

// readShowMail reads whether the outbox is shown. Its mails have links that open accounts, so it is
// refused where the portal is in use.
func readShowMail(text string, s Settings) (bool, error) {
	switch {
	case text == "off":
		return false, nil
	case text != "on":
		return false, fmt.Errorf("TENANTRY_DEV_MAIL is %q: set on or off", text)
	case s.Secure():
		return false, fmt.Errorf("TENANTRY_DEV_MAIL is on, and TENANTRY_BASE_URL is %q: /dev/mail is for trying Tenantry "+
			"out without https; set it to off", s.BaseURL)
	case s.Relay != "":
		return false, errors.New("TENANTRY_DEV_MAIL is on, and TENANTRY_SMTP_RELAY is set: mail goes through the relay and " +
			"is not stored; set one of them")
	}
	return true, nil
}

// mostWorkers is the maximum number of workers of a queue.
const mostWorkers = 64

// usualWorkers returns how many workers serve each queue by default. Parsing a mail needs memory and
// a core; sending one mostly waits for the other server.
func usualWorkers() map[string]int {
	workers := map[string]int{}
	for _, name := range queue.Names() {
		workers[name] = 4
	}
	workers[queue.MailReceive] = 2
	return workers
}

// reachable returns an address that a browser on this machine can open.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func checkAddress(name, value string) error {
	_, port, err := net.SplitHostPort(value)
	if number, portErr := strconv.Atoi(port); err != nil || portErr != nil || number < 0 || number > 65535 {
		return fmt.Errorf("%s is %q: set an address and a port, as in 127.0.0.1:8080, or :8080 for all addresses",
			name, value)
	}
	return nil
}

func checkBaseURL(value string) error {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.Path != "" ||
		parsed.RawQuery != "" ||
		parsed.User != nil {
		return fmt.Errorf(
			"TENANTRY_BASE_URL is %q: set the address at which people reach the portal, without a path, as in "+
				"https://portal.example.com",
			value,
		)
	}
	return nil
}

func checkDomain(value string) error {
	if value == "" || len(value) > 190 || strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" ||
		strings.HasPrefix(value, ".") ||
		strings.HasSuffix(value, ".") ||
		strings.Contains(value, "..") {
		return fmt.Errorf(
			"TENANTRY_MAIL_DOMAIN is %q: set the domain of the support address, as in support.example.com", value)
	}
	return nil
}

func oneOf(name, value string, allowed ...string) error {
	for _, one := range allowed {
		if value == one {
			return nil
		}
	}
	return fmt.Errorf("%s is %q: set one of %s", name, value, strings.Join(allowed, ", "))
}

// readNetworks reads addresses and networks separated by commas.
func readNetworks(name, text string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if address, addressErr := netip.ParseAddr(part); addressErr == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf(
				"%s has %q: set addresses or networks separated by commas, as in 127.0.0.1,10.0.0.0/8", name,
				part)
		}
		networks = append(networks, prefix)
	}
	return networks, nil
}
