package identity_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestATextOfInvisibleCharactersIsEmpty(t *testing.T) {
	for _, text := range []string{
		" ", "\u200b", "\u00ad\u00ad", "\u3164", "\u2800 \u2800", "\ufeff", "\u2060\u200d", "\ufe0f", "\U000e0041",
		"\u115f\u1160", "\u00a0\u3000", "\u034f", "\u180e", "\ufffc",
	} {
		if err := identity.CheckText("subject", text, 1, 100); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+q is a subject: %v", text, err)
		}
		if err := identity.CheckParagraphs("comment", text+"\n", 1, 100); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+q is a comment: %v", text, err)
		}
	}
	if err := identity.CheckText("custom_tag", "\u200b", 0, 100); !fault.Is(err, fault.Invalid) {
		t.Errorf("an invisible character is a tag: %v", err)
	}
	for _, text := range []string{"", " "} {
		if err := identity.CheckText("custom_tag", text, 0, 100); err != nil {
			t.Errorf("%q is no tag: %v", text, err)
		}
	}
	for _, text := range []string{"a\u200b", "👩\u200d💻", "\u0915\u094d\u200d\u0937", "می\u200cخواهم", ".", "☎\ufe0f"} {
		if err := identity.CheckText("subject", text, 1, 100); err != nil {
			t.Errorf("%+q is no subject: %v", text, err)
		}
		if err := identity.CheckParagraphs("comment", text, 1, 100); err != nil {
			t.Errorf("%+q is no comment: %v", text, err)
		}
	}
}

func TestDirectionOverridesAreRefused(t *testing.T) {
	for _, text := range []string{"invoice\u202efdp.exe", "\u202dabc", "three\u202e\nlines\n"} {
		if err := identity.CheckParagraphs("comment", text, 1, 100); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+q is a comment: %v", text, err)
		}
		if err := identity.CheckText("subject", text, 1, 100); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+q is a subject: %v", text, err)
		}
	}
	for _, text := range []string{"שלום\u200f", "\u2068name\u2069", "\u202aC:\\Temp\u202c"} {
		if err := identity.CheckParagraphs("comment", text, 1, 100); err != nil {
			t.Errorf("%+q is no comment: %v", text, err)
		}
	}
}
