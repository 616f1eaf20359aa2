// Package settings holds the settings of a deployment, which come from the context of the AWS CDK
// (`cdk.json` or `-c name=value`), and checks them. It does not depend on the CDK; package stacks
// applies them.
package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
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
	newOrgConsents = "newOrgConsents"
	newOrgDays     = "newOrgConsentDays"
	regionName     = "region"
	archiveLock    = "archiveLock"
	workers        = "workers"
	mailsPerSecond = "mailsPerSecond"
	traces         = "traces"
	tracesShare    = "tracesShare"
	logDays        = "logDays"
	logLevel       = "logLevel"
	provisioned    = "provisioned"
	emulated       = "emulated"
	code           = "code"
)

// Names lists all settings.
func Names() []string {
	names := []string{
		name, tablesName, granularity, mailDomain, baseURL, customDomain, certificateARN, cloudFront,
		firewall, webACLARN,
		alarmEmail, alarms, monthlyBudget, callsPerHour, noticeSeconds, newOrgConsents, newOrgDays, regionName, archiveLock,
		workers,
		mailsPerSecond, traces, tracesShare, logDays, logLevel, provisioned, emulated, code,
	}
	for _, setting := range budget.Settings() {
		names = append(names, setting.Name)
	}
	return names
}

// Settings are the settings of one deployment; docs/aws.md describes them.
type Settings struct {
	// Name is the prefix of all stack and resource names.
	Name string
	// Tables is the prefix of the names of the tables and their stack: Name, or another one after
	// the tables were restored from a backup, which requires new names.
	Tables      string
	Granularity catalog.Granularity
	// MailDomain is the domain whose mail Tenantry receives.
	MailDomain string
	// BaseURL is the base URL of links; empty for the address that follows from the other settings.
	BaseURL string
	// CustomDomain is the operator's own domain for the portal, with the ARN of its certificate;
	// both or neither are set.
	CustomDomain, CertificateARN string
	// CloudFront puts CloudFront in front of the APIs. Without it, they are reached at the custom
	// domain.
	CloudFront bool
	// Firewall puts a firewall in front of CloudFront.
	Firewall bool
	// WebACLARN is an existing firewall; empty to create one if Firewall is set.
	WebACLARN string
	// AlarmEmail receives the alarms; empty for nobody.
	AlarmEmail string
	// EveryFunction creates alarms for every function, not only for background functions.
	EveryFunction bool
	// MonthlyBudget is in US dollars; 0 for none.
	MonthlyBudget int
	CallsPerHour  int
	// NoticeSeconds is for how long changes of a case are collected before people get a mail about
	// them.
	NoticeSeconds int
	// Budgets are the environment variables of the budgets that are set; package budget lists them.
	Budgets map[string]string
	// NewOrgConsents and NewOrgConsentDays are what new organizations consent to, as for
	// tenant.ParseStart; empty for the default.
	NewOrgConsents, NewOrgConsentDays string
	// Region is the name of the installation that its MSPs are in; empty for the default.
	Region string
	// ArchiveLock is how S3 Object Lock protects the archive of the audit log: GOVERNANCE or COMPLIANCE;
	// empty for not at all.
	ArchiveLock string
	// Workers is the maximum number of workers of a queue at the same time, by the queue's name; 0 for
	// no limit.
	Workers map[string]int
	// MailsPerSecond is how many mails are sent a second; 0 for no limit.
	MailsPerSecond int
	// Traces is the address of a collector of traces; empty for none. TracesShare is the share of the
	// requests that are recorded, in percent.
	Traces      string
	TracesShare int
	// LogDays is how long logs are kept.
	LogDays int
	// LogLevel is the lowest level that functions log: debug, info, warn or error.
	LogLevel string
	// Concurrency is the number of provisioned instances of a function, by the function's name.
	Concurrency map[string]int
	// Capacity is the provisioned capacity of tables, by the table's name (core, audit, derived);
	// other tables are billed on demand.
	Capacity map[string]Units
	// Emulated leaves out what the AWS emulator does not support.
	Emulated bool
	// Code is the folder or zip file with the program, relative to the repository's root.
	Code string
}

// Units are a table's read and write capacity units per second.
type Units struct{ Read, Write int }

// Read reads the settings; region is the region of the deployment, empty if it is not known. The
// error has a sentence for each invalid setting.
func Read(context map[string]any, region string) (Settings, error) {
	r := reader{context: context}
	s := Settings{
		Name:              r.text(name, "tenantry", isName),
		Granularity:       catalog.Granularity(r.oneOf(granularity, granularities()...)),
		MailDomain:        r.text(mailDomain, ExampleDomain, isDomain),
		BaseURL:           r.text(baseURL, "", isBaseURL),
		CustomDomain:      r.text(customDomain, "", isDomain),
		CertificateARN:    r.text(certificateARN, "", isARN("acm")),
		WebACLARN:         r.text(webACLARN, "", isARN("wafv2")),
		AlarmEmail:        r.text(alarmEmail, "", isAddress),
		EveryFunction:     r.oneOf(alarms, "few", "all") == "all",
		MonthlyBudget:     r.number(monthlyBudget, 0, 0, 10_000_000),
		CallsPerHour:      r.number(callsPerHour, 5000, 1, 10_000_000),
		NoticeSeconds:     r.number(noticeSeconds, 5, 0, 900),
		NewOrgConsents:    r.text(newOrgConsents, "", startsWith),
		NewOrgConsentDays: r.text(newOrgDays, "", startsFor),
		Region:            r.text(regionName, "", isRegion),
		ArchiveLock:       lockMode(r.oneOf(archiveLock, "off", "governance", "compliance")),
		Workers:           r.workers(),
		MailsPerSecond:    r.number(mailsPerSecond, 0, 0, 100_000),
		Traces:            r.text(traces, "", isBaseURL),
		TracesShare:       r.number(tracesShare, 100, 0, 100),
		LogDays:           r.number(logDays, 30, 1, 3653),
		LogLevel:          r.oneOf(logLevel, "info", "debug", "warn", "error"),
		Emulated:          r.flag(emulated, false),
	}
	s.Budgets = r.budgets()
	// All APIs have one host: the operator's domain, or else CloudFront's.
	s.CloudFront = r.flag(cloudFront, s.CustomDomain == "")
	// Setting cloudFront explicitly includes the firewall, as it always has.
	s.Firewall = r.flag(firewall, s.WebACLARN != "" || r.raw(cloudFront) == "true")
	s.Tables = r.text(tablesName, s.Name, isName)
	s.Code = r.text(code, defaultCode(s.Emulated), nil)
	s.Concurrency, s.Capacity = r.provisioned(s.Granularity)
	r.together(s, region)
	r.unknown()
	return s, errors.Join(r.faults...)
}

// lockMode returns the name that S3 has for a way to lock.
func lockMode(word string) string {
	if word == "off" {
		return ""
	}
	return strings.ToUpper(word)
}

// workers reads the numbers of workers. Lambda allows 2 to 1,000 for a queue (docs.aws.amazon.com,
// "ScalingConfig").
func (r *reader) workers() map[string]int {
	usual := map[string]int{
		// A new SES account may send one mail per second, a usual one 14.
		queue.MailSend: 2,
		// Workers that write to the index of the same MSP contend for the same items: more of them
		// would only repeat each other's work.
		queue.CasesIndex: 3,
		// A part may use the full time of an invocation.
		queue.CasesJobs: 2,
		queue.Transfers: 2,
		// Cases that are due at the same time must not take all of the account's functions.
		queue.CasesDue: 10,
	}
	numbers, err := queue.ReadWorkers(r.text(workers, "", nil), usual, 2, 1000)
	if err != nil {
		r.fault(workers, "%v", err)
	}
	return numbers
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

// together checks settings that depend on each other.
func (r *reader) together(s Settings, region string) {
	if !slices.Contains(RetentionDays(), s.LogDays) {
		r.fault(logDays, "CloudWatch keeps logs for one of %s days, not for %d",
			strings.Trim(fmt.Sprint(RetentionDays()), "[]"), s.LogDays)
	}
	if (s.CustomDomain == "") != (s.CertificateARN == "") {
		r.fault(customDomain, "a custom domain needs its certificate, and a certificate its domain: set both %s and %s",
			customDomain, certificateARN)
	}
	r.front(s, region)
}

// front checks what stands between the clients and the APIs.
func (r *reader) front(s Settings, region string) {
	const global = "us-east-1"
	if !s.CloudFront && s.CustomDomain == "" {
		r.fault(cloudFront,
			"without CloudFront the APIs need a custom domain to share: set %s and %s, or leave %s out",
			customDomain, certificateARN, cloudFront)
	}
	if s.CloudFront && s.CertificateARN != "" && !strings.Contains(s.CertificateARN, ":"+global+":") {
		r.fault(certificateARN, "CloudFront only accepts certificates from %s", global)
	}
	if s.Firewall && !s.CloudFront {
		r.fault(firewall, "a firewall needs CloudFront: set %s=true", cloudFront)
	}
	if !s.Firewall && s.WebACLARN != "" {
		r.fault(firewall, "is false, but %s names a firewall: leave one of them out", webACLARN)
	}
	if s.Firewall && s.WebACLARN == "" && region != "" && region != global {
		r.fault(webACLARN, "CloudFront's firewall must be in %s, but this deployment is for %s: deploy the stack "+
			"%s-firewall there first and set %s to its output (docs/aws.md), or set %s=false",
			global, region, s.Name, webACLARN, firewall)
	}
	if s.Firewall && s.Emulated {
		r.fault(firewall, "the emulator has no firewall: set %s=false", firewall)
	}
}

// RetentionDays lists the numbers of days for which CloudWatch can keep logs (docs.aws.amazon.com,
// "PutRetentionPolicy").
func RetentionDays() []int {
	return []int{
		1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
	}
}

// startsWith says what is wrong with the kinds of consent of new organizations, and startsFor with
// their days.
func startsWith(kinds string) string { return startFault(tenant.ParseStart(kinds, "")) }

func startsFor(days string) string { return startFault(tenant.ParseStart("", days)) }

// isRegion says what is wrong with the name of an installation.
func isRegion(text string) string { return startFault(tenant.ParseRegion(text)) }

func startFault[T any](_ T, err error) string {
	if err == nil {
		return ""
	}
	_, advice, _ := strings.Cut(err.Error(), ": ")
	return "is not valid: " + advice
}
