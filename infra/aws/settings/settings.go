// Package settings has the settings of a deployment, as they come from the context of the AWS CDK
// (`cdk.json` or `-c name=value`), and checks them. It knows nothing of the kit itself; what the
// settings lead to is in stacks.
package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/catalog"
)

// ExampleDomain is the mail domain of templates that nobody deploys.
const ExampleDomain = "help.example.com"

// The settings' names in the context.
const (
	name           = "name"
	tablesName     = "tables"
	granularity    = "granularity"
	mailDomain     = "mailDomain"
	baseURL        = "baseUrl"
	customDomain   = "customDomain"
	certificateARN = "certificateArn"
	cloudFront     = "cloudFront"
	firewall       = "firewall"
	webACLARN      = "webAclArn"
	alarmEmail     = "alarmEmail"
	alarms         = "alarms"
	monthlyBudget  = "monthlyBudget"
	callsPerHour   = "callsPerHour"
	noticeSeconds  = "noticeSeconds"
	logDays        = "logDays"
	logLevel       = "logLevel"
	provisioned    = "provisioned"
	emulated       = "emulated"
	code           = "code"
)

// Names lists all settings.
func Names() []string {
	return []string{
		name, tablesName, granularity, mailDomain, baseURL, customDomain, certificateARN, cloudFront,
		firewall, webACLARN,
		alarmEmail, alarms, monthlyBudget, callsPerHour, noticeSeconds, logDays, logLevel, provisioned, emulated, code,
	}
}

// Settings are those of one deployment; docs/aws.md tells people of them.
type Settings struct {
	// Name begins the names of all stacks and resources.
	Name string
	// Tables begins the names of the tables and their stack: Name, or another one after the tables
	// were restored from a backup, which takes new names.
	Tables      string
	Granularity catalog.Granularity
	// MailDomain is the domain whose mail reaches Tenantry.
	MailDomain string
	// BaseURL is what links begin with; empty for the address that follows from the other settings.
	BaseURL string
	// CustomDomain is a domain of the operator's for the portal, with the ARN of its certificate;
	// both or neither are set.
	CustomDomain, CertificateARN string
	// CloudFront puts CloudFront in front of the APIs. Without it they answer at the custom domain.
	CloudFront bool
	// Firewall puts a firewall in front of CloudFront.
	Firewall bool
	// WebACLARN is a firewall that there is already; empty to make one, if there is to be one.
	WebACLARN string
	// AlarmEmail is told of alarms; empty for nobody.
	AlarmEmail string
	// EveryFunction makes alarms for each function by itself, not only for those that work unseen.
	EveryFunction bool
	// MonthlyBudget is in US dollars; 0 for none.
	MonthlyBudget int
	CallsPerHour  int
	// NoticeSeconds is how long changes of a case are collected before people get a mail about them.
	NoticeSeconds int
	// LogDays is how long logs are kept.
	LogDays int
	// LogLevel is from which level on functions log: debug, info, warn or error.
	LogLevel string
	// Concurrency is how many instances of a function stand ready, by the function's name.
	Concurrency map[string]int
	// Capacity is the fixed capacity of tables, by the table's name (core, audit, derived); the
	// rest are billed by request.
	Capacity map[string]Units
	// Emulated leaves out what the emulator of AWS does not know.
	Emulated bool
	// Code is the folder or zip file with the program, from the repository's root.
	Code string
}

// Units are a table's read and write units a second.
type Units struct{ Read, Write int }

// Read reads the settings; region is where the deployment goes, empty if that is not known. The
// error has a sentence for each setting that cannot work.
func Read(context map[string]any, region string) (Settings, error) {
	r := reader{context: context}
	s := Settings{
		Name:           r.text(name, "tenantry", isName),
		Granularity:    catalog.Granularity(r.oneOf(granularity, granularities()...)),
		MailDomain:     r.text(mailDomain, ExampleDomain, isDomain),
		BaseURL:        r.text(baseURL, "", isBaseURL),
		CustomDomain:   r.text(customDomain, "", isDomain),
		CertificateARN: r.text(certificateARN, "", isARN("acm")),
		WebACLARN:      r.text(webACLARN, "", isARN("wafv2")),
		AlarmEmail:     r.text(alarmEmail, "", isAddress),
		EveryFunction:  r.oneOf(alarms, "few", "all") == "all",
		MonthlyBudget:  r.number(monthlyBudget, 0, 0, 10_000_000),
		CallsPerHour:   r.number(callsPerHour, 5000, 1, 10_000_000),
		NoticeSeconds:  r.number(noticeSeconds, 5, 0, 900),
		LogDays:        r.number(logDays, 30, 1, 3653),
		LogLevel:       r.oneOf(logLevel, "info", "debug", "warn", "error"),
		Emulated:       r.flag(emulated, false),
	}
	// All APIs answer at one host: at the operator's domain, or else at CloudFront's.
	s.CloudFront = r.flag(cloudFront, s.CustomDomain == "")
	// Who asks for CloudFront by name gets the firewall that has always come with it.
	s.Firewall = r.flag(firewall, s.WebACLARN != "" || r.raw(cloudFront) == "true")
	s.Tables = r.text(tablesName, s.Name, isName)
	s.Code = r.text(code, defaultCode(s.Emulated), nil)
	s.Concurrency, s.Capacity = r.provisioned(s.Granularity)
	r.together(s, region)
	r.unknown()
	return s, errors.Join(r.faults...)
}

func granularities() []string {
	var names []string
	for _, one := range catalog.Granularities() {
		names = append(names, string(one))
	}
	return names
}

func defaultCode(emulated bool) string {
	if emulated {
		return "build/lambda-amd64"
	}
	return "build/lambda-arm64"
}

// together checks what settings ask of each other.
func (r *reader) together(s Settings, region string) {
	if !slices.Contains(RetentionDays(), s.LogDays) {
		r.fault(
			logDays,
			"CloudWatch keeps logs for one of %s days, not for %d",
			strings.Trim(fmt.Sprint(RetentionDays()), "[]"),
			s.LogDays,
		)
	}
	if (s.CustomDomain == "") != (s.CertificateARN == "") {
		r.fault(
			customDomain,
			"a domain of your own needs its certificate, and the certificate its domain: set both %s and %s",
			customDomain,
			certificateARN,
		)
	}
	r.front(s, region)
}

// front checks what stands between the clients and the APIs.
func (r *reader) front(s Settings, region string) {
	const global = "us-east-1"
	if !s.CloudFront && s.CustomDomain == "" {
		r.fault(cloudFront,
			"without CloudFront the APIs need a domain of your own to share: set %s and %s, or leave %s out",
			customDomain, certificateARN, cloudFront)
	}
	if s.CloudFront && s.CertificateARN != "" && !strings.Contains(s.CertificateARN, ":"+global+":") {
		r.fault(certificateARN, "CloudFront only takes certificates of %s", global)
	}
	if s.Firewall && !s.CloudFront {
		r.fault(firewall, "a firewall needs CloudFront: set %s=true", cloudFront)
	}
	if !s.Firewall && s.WebACLARN != "" {
		r.fault(firewall, "is false, and %s names a firewall: leave one of them out", webACLARN)
	}
	if s.Firewall && s.WebACLARN == "" && region != "" && region != global {
		r.fault(webACLARN, "CloudFront's firewall lives in %s, and this deployment goes to %s: deploy the stack "+
			"%s-firewall there first and set %s to its output (docs/aws.md), or set %s=false",
			global, region, s.Name, webACLARN, firewall)
	}
	if s.Firewall && s.Emulated {
		r.fault(firewall, "the emulator has no firewall: set %s=false", firewall)
	}
}

// RetentionDays lists for how many days CloudWatch can keep logs (docs.aws.amazon.com,
// "PutRetentionPolicy").
func RetentionDays() []int {
	return []int{
		1,
		3,
		5,
		7,
		14,
		30,
		60,
		90,
		120,
		150,
		180,
		365,
		400,
		545,
		731,
		1096,
		1827,
		2192,
		2557,
		2922,
		3288,
		3653,
	}
}
