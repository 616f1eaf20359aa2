//go:build cdk

package stacks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

// Synthesize writes the templates for the settings that the CDK's command line passes, to the
// folder that it names or to build/cdk.out of the repository.
func Synthesize() error {
	root, err := settings.Repository()
	if err != nil {
		return err
	}
	var out *string
	if os.Getenv("CDK_OUTDIR") == "" {
		out = jsii.String(filepath.Join(root, "build", "cdk.out"))
	}
	app := newApp(out, nil)
	context, _ := app.Node().GetAllContext(nil).(map[string]any)
	s, err := settings.Read(context, os.Getenv("CDK_DEFAULT_REGION"))
	if err != nil {
		return err
	}
	if s.Code, err = codeIn(root, s.Code); err != nil {
		return err
	}
	if err := build(app, s); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

func newApp(out *string, context *map[string]any) awscdk.App {
	return awscdk.NewApp(&awscdk.AppProps{
		Outdir: out, Context: context,
		AnalyticsReporting: jsii.Bool(false), // do not report usage to AWS
	})
}

// build creates all stacks of the settings in an app.
func build(app awscdk.App, s settings.Settings) error {
	functions, err := catalog.Functions(s.Granularity)
	if err != nil {
		return err
	}
	d := &deployment{Settings: s, app: app, functions: functions}
	d.data()
	d.queues()
	d.mail()
	d.api()
	front := d.apiStack
	if d.CloudFront {
		d.edge()
		front = d.edgeStack
	}
	if d.BaseURL != "" {
		d.address = jsii.String(d.BaseURL)
	}
	output(front, "Address", "The address of the portal and the API", d.address)
	if err := d.domains(); err != nil {
		return err
	}
	d.watch()
	d.review()
	return nil
}

// deployment is the deployment under construction; the stacks fill in its fields in order.
type deployment struct {
	settings.Settings
	app       awscdk.App
	functions []catalog.Function
	shared
}

// stack creates a stack that depends on others.
func (d *deployment) stack(part, description string, after ...awscdk.Stack) awscdk.Stack {
	return d.named(d.Stack(part), description, after...)
}

func (d *deployment) named(name, description string, after ...awscdk.Stack) awscdk.Stack {
	stack := awscdk.NewStack(d.app, jsii.String(name), &awscdk.StackProps{
		StackName:   jsii.String(name),
		Description: jsii.String("Tenantry: " + description),
		Tags:        &map[string]*string{"application": jsii.String(d.Name)},
	})
	for _, other := range after {
		stack.AddDependency(other, nil)
	}
	d.demandMailDomain(stack)
	return stack
}

// find returns the one function of the catalog that matches.
func (d *deployment) find(is func(catalog.Function) bool) catalog.Function {
	return d.functions[slices.IndexFunc(d.functions, is)]
}

// codeIn returns the folder of the program in the repository.
func codeIn(root, path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	about, err := os.Stat(path)
	if err == nil && about.IsDir() {
		_, err = os.Stat(filepath.Join(path, "bootstrap"))
	}
	if err != nil {
		return "", fmt.Errorf("infra/aws: the program is not built (%w): run `make build-lambda` first, or set code",
			err)
	}
	return path, nil
}
