//go:build cdk

package stacks

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/infra/aws/rights"
	"github.com/tenantry/tenantry/infra/aws/settings"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// domains creates the functions, those of each domain in a stack of their own.
func (d *deployment) domains() error {
	stacks := map[string]awscdk.Stack{}
	for _, f := range d.functions {
		stack, exists := stacks[f.Domain()]
		if !exists {
			stack = d.stack(f.Domain(), "the functions of "+f.Domain(), d.foundations()...)
			stacks[f.Domain()] = stack
			d.domainStacks = append(d.domainStacks, stack)
		}
		statements, err := rights.Of(d.Settings, f, *d.core.TableStreamArn())
		if err != nil {
			return err
		}
		function := d.function(stack, f, statements)
		if f.Name == catalog.SetupTokenName {
			output(stack, "SetupFunction", "Invoke it once for the first operator's token", function.FunctionName())
		}
		d.routes(stack, f, function)
		d.sources(stack, f, function)
	}
	// The relay and the workers of mail must know new messages before the functions that send them.
	for domain, stack := range stacks {
		if slices.Contains(firstDomains(), domain) {
			continue
		}
		for _, first := range firstDomains() {
			stack.AddDependency(stacks[first], jsii.String("they process messages of the others"))
		}
	}
	return nil
}

// firstDomains returns the domains whose functions are deployed before those of all others.
func firstDomains() []string { return []string{"outbox", "mail"} }

// function creates one function with its log group and its role.
func (d *deployment) function(
	stack awscdk.Stack,
	f catalog.Function,
	statements []rights.Statement,
) awslambda.Function {
	log := awslogs.NewLogGroup(stack, jsii.String(f.Name+" log"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(d.LogGroup(f.Name)),
		Retention:     d.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	architecture := awslambda.Architecture_ARM_64()
	if d.Emulated {
		architecture = awslambda.Architecture_X86_64()
	}
	return awslambda.NewFunction(stack, jsii.String(f.Name), &awslambda.FunctionProps{
		FunctionName: jsii.String(d.Function(f.Name)),
		Description:  jsii.String(f.Summary),
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: architecture,
		Code:         awslambda.Code_FromAsset(jsii.String(d.Code), nil),
		Handler:      jsii.String(f.Name),
		MemorySize:   jsii.Number(f.Memory),
		Timeout:      seconds(f.Timeout),
		Role:         d.role(stack, f, statements),
		LogGroup:     log,
		// The program writes JSON itself.
		LoggingFormat: awslambda.LoggingFormat_TEXT,
		Environment:   d.environment(f),
	})
}

// role creates the role of a function, with the permissions that it declares and no others.
func (d *deployment) role(stack awscdk.Stack, f catalog.Function, statements []rights.Statement) awsiam.Role {
	log := rights.Statement{
		ID: "Log", Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: []string{settings.ARN("logs", "log-group:"+d.LogGroup(f.Name)+":*")},
	}
	policy := awsiam.NewPolicyDocument(nil)
	for _, statement := range append([]rights.Statement{log}, statements...) {
		policy.AddStatements(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:       jsii.String(statement.ID),
			Actions:   jsii.Strings(statement.Actions...),
			Resources: texts(statement.Resources),
		}))
	}
	var secrets []*string
	if f.Secret {
		secrets = append(secrets, d.secret.SecretArn())
	}
	if d.originSecret != nil && len(f.Routes) > 0 {
		secrets = append(secrets, d.originSecret.SecretArn())
	}
	if len(secrets) > 0 {
		policy.AddStatements(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid: jsii.String("Secret"), Actions: jsii.Strings("secretsmanager:GetSecretValue"), Resources: &secrets,
		}))
	}
	return awsiam.NewRole(stack, jsii.String(f.Name+" role"), &awsiam.RoleProps{
		AssumedBy:      awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description:    jsii.String("The permissions of " + f.Name),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"declared": policy},
	})
}

// mailsPerSecond returns how many mails one worker may send a second, 0 for no limit: as the workers do
// not know of each other, each has its share.
func (d *deployment) mailsPerSecond() string {
	return strconv.FormatFloat(float64(d.MailsPerSecond)/float64(max(1, d.Workers[queue.MailSend])), 'f', -1, 64)
}

// environment sets what functions/settings.go reads.
func (d *deployment) environment(f catalog.Function) *map[string]*string {
	environment := map[string]*string{
		"TENANTRY_TABLE_CORE":        jsii.String(d.Table(grant.Core)),
		"TENANTRY_TABLE_AUDIT":       jsii.String(d.Table(grant.Audit)),
		"TENANTRY_TABLE_DERIVED":     jsii.String(d.Table(grant.Derived)),
		"TENANTRY_BUCKET":            text(d.Bucket()),
		"TENANTRY_SECRET_ARN":        d.secret.SecretArn(),
		"TENANTRY_BASE_URL":          d.address,
		"TENANTRY_MAIL_DOMAIN":       jsii.String(d.MailDomain),
		"TENANTRY_CONFIGURATION_SET": jsii.String(d.Name),
		"TENANTRY_CALLS_PER_HOUR":    jsii.String(strconv.Itoa(d.CallsPerHour)),
		"TENANTRY_NOTICE_SECONDS":    jsii.String(strconv.Itoa(d.NoticeSeconds)),
		"TENANTRY_MAILS_PER_SECOND":  jsii.String(d.mailsPerSecond()),
		"TENANTRY_LOG_LEVEL":         jsii.String(d.LogLevel),
		// Initialization allocates some megabytes that stay in use; collecting garbage meanwhile
		// would cost a fifth of its time.
		"GOGC":       jsii.String("400"),
		"GOMEMLIMIT": jsii.String(strconv.Itoa(f.Memory*4/5) + "MiB"),
	}
	for name, value := range map[string]string{
		"TENANTRY_NEW_ORG_CONSENTS": d.NewOrgConsents, "TENANTRY_NEW_ORG_CONSENT_DAYS": d.NewOrgConsentDays,
		"TENANTRY_REGION": d.Region,
	} {
		if value != "" {
			environment[name] = jsii.String(value)
		}
	}
	if d.Traces != "" {
		environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = jsii.String(d.Traces)
		environment["OTEL_TRACES_SAMPLER_ARG"] = jsii.String(strconv.FormatFloat(float64(d.TracesShare)/100, 'f', -1, 64))
	}
	for _, name := range queue.Names() {
		variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		environment["TENANTRY_QUEUE_"+variable] = text(settings.QueueURL(d.Queue(name)))
	}
	for variable, value := range d.Budgets {
		environment[variable] = jsii.String(value)
	}
	if d.ArchiveLock != "" && f.Name == catalog.ArchiveName {
		environment["TENANTRY_ARCHIVE_LOCK"] = jsii.String(d.ArchiveLock)
	}
	if d.originSecret != nil && len(f.Routes) > 0 {
		environment["TENANTRY_ORIGIN_SECRET_ARN"] = d.originSecret.SecretArn()
	}
	if d.Emulated {
		// An emulator sets it; `sam local invoke` can only set variables that the template has
		// (docs/sam.md).
		environment["AWS_ENDPOINT_URL"] = jsii.String("")
	}
	return &environment
}
