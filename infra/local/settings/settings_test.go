package settings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/infra/local/settings"
)

func read(environment map[string]string) (settings.Settings, error) {
	return settings.Read(func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	})
}

func TestWithoutSettingsEverythingStaysOnThisMachine(t *testing.T) {
	s, err := read(nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Address != "127.0.0.1:8080" || s.SMTPAddress != "127.0.0.1:2525" || s.Data != "./data" ||
		s.BaseURL != "http://127.0.0.1:8080" ||
		s.MailDomain != "tenantry.localhost" || s.Relay != "" ||
		s.CallsPerHour != 5000 ||
		s.Secure() ||
		len(s.TrustedProxies) != 0 {
		t.Errorf("the defaults are %+v", s)
	}
}

func TestTheBaseURLFollowsTheAddress(t *testing.T) {
	for address, want := range map[string]string{
		":9000": "http://127.0.0.1:9000", "0.0.0.0:80": "http://127.0.0.1:80", "[::1]:81": "http://[::1]:81",
		"portal.local:82": "http://portal.local:82",
	} {
		if s, err := read(map[string]string{"TENANTRY_ADDR": address}); err != nil || s.BaseURL != want {
			t.Errorf("%s: %q, %v; want %q", address, s.BaseURL, err, want)
		}
	}
	s, err := read(map[string]string{"TENANTRY_BASE_URL": "https://portal.example.com/"})
	if err != nil || s.BaseURL != "https://portal.example.com" || !s.Secure() {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAWrongSettingSaysWhichItIsAndHowToMendIt(t *testing.T) {
	for _, test := range []struct{ name, value, mend string }{
		{"TENANTRY_ADDR", "8080", "as in 127.0.0.1:8080"},
		{"TENANTRY_ADDR", "127.0.0.1:99999", "as in 127.0.0.1:8080"},
		{"TENANTRY_SMTP_ADDR", "mail", "an address and a port"},
		{"TENANTRY_BASE_URL", "portal.example.com", "as in https://portal.example.com"},
		{"TENANTRY_BASE_URL", "https://portal.example.com/path", "without a path"},
		{"TENANTRY_BASE_URL", "ftp://portal.example.com", "as in https://"},
		{"TENANTRY_MAIL_DOMAIN", "two words", "as in support.example.com"},
		{"TENANTRY_MAIL_DOMAIN", "a..b", "as in support.example.com"},
		{"TENANTRY_LOG_FORMAT", "xml", "one of text, json"},
		{"TENANTRY_LOG_LEVEL", "loud", "one of debug, info, warn, error"},
		{"TENANTRY_CALLS_PER_HOUR", "many", "as in 5000"},
		{"TENANTRY_CALLS_PER_HOUR", "0", "above 0"},
		{"TENANTRY_DISK_RESERVE", "much", "as in 5%,1GiB"},
		{"TENANTRY_DISK_RESERVE", "91%", "as in 5%,1GiB"},
		{"TENANTRY_DISK_RESERVE", "5%,-1GiB", "as in 5%,1GiB"},
		{"TENANTRY_CONNECTIONS", "9", "at least 10"},
		{"TENANTRY_SMTP_CONNECTIONS", "9", "at least 10"},
		{"TENANTRY_QUARANTINE_SIZE", "2", "as in 2GiB"},
		{"TENANTRY_NOTICE_SECONDS", "soon", "from 0 to 900"},
		{"TENANTRY_NOTICE_SECONDS", "901", "from 0 to 900"},
		{"TENANTRY_NEW_ORG_CONSENTS", "all", "support_access,user_management"},
		{"TENANTRY_NEW_ORG_CONSENT_DAYS", "400", "from 0 to 365"},
		{"TENANTRY_TRUSTED_PROXIES", "127.0.0.1,proxy", "as in 127.0.0.1,10.0.0.0/8"},
		{"TENANTRY_BASTION_HOSTS", "bastion.example.com", "as in bastion.example.com:443"},
		{"TENANTRY_BASTION_HOSTS", "a:443,https://b:443", "as in bastion.example.com:443"},
		{"TENANTRY_BASTION_HOSTS", "a:0", "as in bastion.example.com:443"},
		{"TENANTRY_BASTION_HOSTS", ":443", "as in bastion.example.com:443"},
	} {
		_, err := read(map[string]string{test.name: test.value})
		if err == nil || !strings.Contains(err.Error(), test.name) || !strings.Contains(err.Error(), test.mend) {
			t.Errorf("%s=%s: %v; want the name and %q", test.name, test.value, err, test.mend)
		}
	}
}

func TestTrustedProxiesAreAddressesAndNetworks(t *testing.T) {
	s, err := read(map[string]string{"TENANTRY_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"})
	if err != nil || len(s.TrustedProxies) != 2 || s.TrustedProxies[0].String() != "127.0.0.1/32" ||
		s.TrustedProxies[1].String() != "10.0.0.0/8" {
		t.Errorf("%v, %v", s.TrustedProxies, err)
	}
}

func TestHostsOfTheBastionHaveTheirPorts(t *testing.T) {
	s, err := read(map[string]string{"TENANTRY_BASTION_HOSTS": "bastion.example.com:8443, [fd00::1]:443,"})
	if err != nil || !slices.Equal(s.BastionHosts, []string{"bastion.example.com:8443", "[fd00::1]:443"}) {
		t.Errorf("%v, %v", s.BastionHosts, err)
	}
}

func TestTheReserveIsAShareAndASize(t *testing.T) {
	for text, want := range map[string]settings.DiskReserve{
		"": {Percent: 5, Bytes: 1 << 30}, "10%": {Percent: 10}, "512MiB": {Bytes: 512 << 20},
		"2GiB, 3%": {Percent: 3, Bytes: 2 << 30}, "0%": {},
	} {
		s, err := read(map[string]string{"TENANTRY_DISK_RESERVE": text})
		if err != nil || s.DiskReserve != want {
			t.Errorf("%q: %+v, %v", text, s.DiskReserve, err)
		}
	}
}

func TestTheOutboxIsShownOnlyForATrial(t *testing.T) {
	if s, err := read(nil); err != nil || s.ShowMail {
		t.Errorf("by default: %t, %v", s.ShowMail, err)
	}
	if s, err := read(map[string]string{"TENANTRY_DEV_MAIL": "on"}); err != nil || !s.ShowMail {
		t.Errorf("asked for: %t, %v", s.ShowMail, err)
	}
	for name, value := range map[string]string{
		"TENANTRY_BASE_URL": "https://portal.example.com", "TENANTRY_SMTP_RELAY": "smtp://mail.example.com:587",
	} {
		_, err := read(map[string]string{"TENANTRY_DEV_MAIL": "on", name: value})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "TENANTRY_DEV_MAIL") {
			t.Errorf("with %s: %v", name, err)
		}
		if _, err := read(map[string]string{"TENANTRY_DEV_MAIL": "off", name: value}); err != nil {
			t.Error(err)
		}
	}
	if _, err := read(map[string]string{"TENANTRY_DEV_MAIL": "yes"}); err == nil {
		t.Error("yes was taken")
	}
}
