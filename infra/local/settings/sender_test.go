package settings_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/infra/local/settings"
)

func TestSendersAreCheckedWhereOtherServersCanDeliver(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:2525": "off", "[::1]:2525": "off", "localhost:25": "off", ":25": "check", "0.0.0.0:25": "check",
		"[::]:25": "check", "192.0.2.1:25": "check", "mx.example.com:25": "check",
	} {
		if s, err := read(map[string]string{"TENANTRY_SMTP_ADDR": address}); err != nil || s.Senders.Way != want {
			t.Errorf("%s: %+v, %v; want %s", address, s.Senders, err, want)
		}
	}
	for _, public := range []map[string]string{
		{"TENANTRY_SMTP_ADDR": ":25"},
		{"TENANTRY_SMTP_RELAY": "smtp://mail.example.com:587"},
		{"TENANTRY_BASE_URL": "https://portal.example.com"},
	} {
		if s, err := read(public); err != nil || s.Senders.Way != settings.SenderCheck {
			t.Errorf("%v: %+v, %v", public, s.Senders, err)
		}
		public["TENANTRY_SENDER_CHECK"] = "off"
		if s, err := read(public); err != nil || s.Senders.Way != settings.SenderOff {
			t.Errorf("%v: %+v, %v", public, s.Senders, err)
		}
	}
}

func TestTheServerInFrontConnectsFromThisMachineUnlessSaidOtherwise(t *testing.T) {
	own := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for text, want := range map[string]settings.Senders{
		"relay:mx.example.com": {Way: "relay", ServerID: "mx.example.com", Networks: own},
		"relay:mx.example.com,192.0.2.7": {Way: "relay", ServerID: "mx.example.com",
			Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}},
		"relay:mx.example.com, 192.0.2.0/24,2001:db8::/32": {Way: "relay", ServerID: "mx.example.com",
			Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}},
	} {
		s, err := read(map[string]string{"TENANTRY_SENDER_CHECK": text})
		if diff := cmp.Diff(want, s.Senders, cmpopts.EquateComparable(netip.Prefix{})); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
}

func TestAWrongWayToCheckSendersSaysHowToMendIt(t *testing.T) {
	for text, mend := range map[string]string{
		"yes": "off, check, or relay:", "relay": "as in relay:mx.example.com", "relay:": "as in relay:mx.example.com",
		"relay:a b":                 "as in relay:mx.example.com",
		"relay:mx.example.com,here": "as in 127.0.0.1,10.0.0.0/8", "check:mx": "off, check, or relay:",
		"relay:mx.example.com,": "at least one address",
	} {
		_, err := read(map[string]string{"TENANTRY_SENDER_CHECK": text})
		if err == nil || !strings.Contains(err.Error(), "TENANTRY_SENDER_CHECK") ||
			!strings.Contains(err.Error(), mend) {
			t.Errorf("%s: %v; want %q", text, err, mend)
		}
	}
}
