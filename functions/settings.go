package main

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
	"github.com/tenantry/tenantry/shared/tenant"
)

// settings are what the deployment passes to a function in its environment.
type settings struct {
	// function is the name of the function to run.
	function string
	tables   dynamo.Names
	bucket   string
	// queues are the URLs of the queues, by the queue's name.
	queues map[string]string
	// secretARN is the installation's secret in AWS Secrets Manager; originSecretARN is the secret
	// that authenticates a content delivery network in front, "" without one.
	secretARN, originSecretARN string
	baseURL, mailDomain        string
	configurationSet           string
	callsPerHour               int
	// noticeSeconds is for how long changes of a case are collected into one mail.
	noticeSeconds int
	budgets       budget.Limits
	// region is the name of the installation.
	region string
	// archiveLock is how S3 Object Lock protects the archive of the audit log; "" for not at all.
	archiveLock types.ObjectLockMode
	// newOrgs is what new organizations consent to.
	newOrgs tenant.Start
	// mailsPerSecond is how many mails this instance may send a second; 0 for no limit.
	mailsPerSecond float64
	level          slog.Level
}

// readSettings reads the environment; lookup is like os.LookupEnv. The error names missing
// variables.
func readSettings(lookup func(string) (string, bool)) (settings, error) {
	var missing []string
	need := func(name string) string {
		value, _ := lookup(name)
		if value == "" {
			missing = append(missing, name)
		}
		return value
	}
	s := settings{
		function: need("_HANDLER"),
		tables: dynamo.Names{
			Core:    need("TENANTRY_TABLE_CORE"),
			Audit:   need("TENANTRY_TABLE_AUDIT"),
			Derived: need("TENANTRY_TABLE_DERIVED"),
		},
		bucket:     need("TENANTRY_BUCKET"),
		secretARN:  need("TENANTRY_SECRET_ARN"),
		baseURL:    strings.TrimRight(need("TENANTRY_BASE_URL"), "/"),
		mailDomain: need("TENANTRY_MAIL_DOMAIN"),
		queues:     map[string]string{},
	}
	need("AWS_REGION")
	for _, name := range queue.Names() {
		s.queues[name] = need("TENANTRY_QUEUE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
	}
	calls := need("TENANTRY_CALLS_PER_HOUR")
	notices := need("TENANTRY_NOTICE_SECONDS")
	if len(missing) > 0 {
		return settings{}, fmt.Errorf(
			"the environment lacks %s: deploy the function with the stacks of infra/aws, which set them all",
			strings.Join(missing, ", "),
		)
	}
	s.originSecretARN, _ = lookup("TENANTRY_ORIGIN_SECRET_ARN")
	s.configurationSet, _ = lookup("TENANTRY_CONFIGURATION_SET")
	var err error
	if s.callsPerHour, err = strconv.Atoi(calls); err != nil || s.callsPerHour < 1 {
		return settings{}, fmt.Errorf("TENANTRY_CALLS_PER_HOUR is %q: set a whole number above 0, as in 5000", calls)
	}
	if s.noticeSeconds, err = strconv.Atoi(notices); err != nil || s.noticeSeconds < 0 || s.noticeSeconds > 900 {
		return settings{}, fmt.Errorf("TENANTRY_NOTICE_SECONDS is %q: set a whole number from 0 to 900, as in 5", notices)
	}
	if s.budgets, err = budget.Read(lookup); err != nil {
		return settings{}, err
	}
	kinds, _ := lookup("TENANTRY_NEW_ORG_CONSENTS")
	days, _ := lookup("TENANTRY_NEW_ORG_CONSENT_DAYS")
	if s.newOrgs, err = tenant.ParseStart(kinds, days); err != nil {
		return settings{}, fmt.Errorf("TENANTRY_NEW_ORG_CONSENTS or TENANTRY_NEW_ORG_CONSENT_DAYS is %w", err)
	}
	region, _ := lookup("TENANTRY_REGION")
	if s.region, err = tenant.ParseRegion(region); err != nil {
		return settings{}, fmt.Errorf("TENANTRY_REGION is %w", err)
	}
	lock, _ := lookup("TENANTRY_ARCHIVE_LOCK")
	s.archiveLock = types.ObjectLockMode(lock)
	if lock != "" && !slices.Contains(s.archiveLock.Values(), s.archiveLock) {
		return settings{}, fmt.Errorf("TENANTRY_ARCHIVE_LOCK is %q: set GOVERNANCE or COMPLIANCE, or leave it out", lock)
	}
	if pace, _ := lookup("TENANTRY_MAILS_PER_SECOND"); pace != "" {
		if s.mailsPerSecond, err = strconv.ParseFloat(pace, 64); err != nil || !(s.mailsPerSecond >= 0) {
			return settings{}, fmt.Errorf("TENANTRY_MAILS_PER_SECOND is %q: set a number, as in 7, or 0 for no limit", pace)
		}
	}
	if level, _ := lookup("TENANTRY_LOG_LEVEL"); level != "" {
		if err := s.level.UnmarshalText([]byte(level)); err != nil {
			return settings{}, fmt.Errorf("TENANTRY_LOG_LEVEL is %q: set debug, info, warn or error", level)
		}
	}
	return s, nil
}
