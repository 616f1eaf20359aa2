# Everything here needs Go alone, except test-all and what is for AWS (from build-lambda on), which also need Node or
# Python, and install what else they need below .tools.
GO ?= go
TOOLS := $(CURDIR)/.tools
LINT_VERSION := v2.15.0
TEMPL_VERSION := v0.3.1001

CDK_VERSION := 2.1148.1
CDK := $(TOOLS)/cdk-$(CDK_VERSION)/node_modules/.bin/cdk
CFN_LINT_VERSION := 1.58.0
CFN_LINT := $(TOOLS)/cfn-lint-$(CFN_LINT_VERSION)/bin/cfn-lint
# Settings of a deployment, as in CONTEXT='-c mailDomain=help.example.com -c alarmEmail=you@example.com'; docs/aws.md lists them.
CONTEXT ?=
# TRACES=1 builds the program of AWS Lambda with what sends traces (docs/aws.md).
LAMBDA_TAGS := lambda.norpc $(if $(TRACES),traces)
# More for the CDK itself, as in CDK_FLAGS='--require-approval never'.
CDK_FLAGS ?=
CONFIRM ?=
CDK_OUT := build/cdk.out

.PHONY: run demo build test test-repeat test-all race data-folder lint generate icons golden bench bench-short bench-against test-browser build-lambda synth \
	bootstrap diff deploy destroy test-cdk aws-local invoke test-aws test-clients

# The program runs in the place of the shell, not below `go run`, which reports each Ctrl-C as an error.
PROGRAM := $(TOOLS)/tenantry
COMPILING := @echo 'Compiling Tenantry; the first time takes about a minute …'

run: ## Run Tenantry on this machine, with everything it keeps in ./data
	$(COMPILING)
	@$(GO) build -buildvcs=false -o $(PROGRAM) ./infra/local
	@TENANTRY_DEV_MAIL=$${TENANTRY_DEV_MAIL-on}; export TENANTRY_DEV_MAIL; exec $(PROGRAM)

demo: ## Build a demo estate in a temporary folder and serve it; ARGS='-data folder' keeps it
	$(COMPILING)
	@$(GO) build -buildvcs=false -o $(PROGRAM) ./infra/local
	@exec $(PROGRAM) demo $(ARGS)

build: build-lambda ## Build the program of one machine into ./bin/tenantry, and that of AWS Lambda
	$(GO) build -trimpath -ldflags='-s -w' -o bin/tenantry ./infra/local

test: ## Run the tests that need Go alone
	$(GO) test -timeout 20m ./...

# The tests from outside but for those that take a minute and more, and the others that depend on what comes when.
test-repeat: ## Run the tests that depend on time several times, with the race detector
	$(GO) test -race -count=2 -timeout 25m -skip 'ProgramIsKilled|DueHappensByItself' ./infra/local/outside
	$(GO) test -race -count=5 -timeout 10m ./infra/local/smtpin ./shared/store/embedded ./shared/store/queue/embedded \
		./shared/mail/smtp ./functions/mail ./functions/gateway

race: ## The same with the race detector
	$(GO) test -race -timeout 20m ./...

test-all: ## Lint, all tests with the race detector, the tour, clients and a browser, AWS's adapters and program on emulators, the stacks, an emulated deployment
	$(MAKE) lint
	$(MAKE) race
	$(GO) test -tags tour ./infra/local/outside -run Tour
	$(MAKE) test-clients
	$(MAKE) test-browser
	TENANTRY_TOOLS=$(TOOLS) shared/store/emulators.sh
	TENANTRY_TOOLS=$(TOOLS) shared/store/emulators.sh ./functions/catalog -run 'TestThe(Former)?Program'
	$(MAKE) test-cdk
	$(MAKE) test-aws

# The clients are pinned with all that they need, each in a Python environment of its own.
CLIENTS := infra/local/outside/clients

test-clients: $(TOOLS)/mistapi/installed $(TOOLS)/mist-sdk/installed $(TOOLS)/schemathesis/installed ## Test with clients that others wrote; needs Python 3.11 or newer
	TENANTRY_TOOLS=$(TOOLS) $(GO) test -count=1 -timeout 15m -tags clients ./infra/local/outside -run 'UnmodifiedClient|FuzzingClient'

$(TOOLS)/%/installed: $(CLIENTS)/%.txt
	python3 -m venv --clear $(TOOLS)/$*
	$(TOOLS)/$*/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

data-folder: ## Keep a data folder that the present program writes, for the tests of later ones: make data-folder NAME=v1.4.0
	@test -n "$(NAME)" || { echo "Which format? Give the release or the commit: make data-folder NAME=v1.4.0"; exit 1; }
	$(GO) test -count=1 -tags datafolder -run TestWriteADataFolder ./infra/local/outside -args -folder $(NAME)

lint: $(TOOLS)/golangci-lint ## Check the code
	$(TOOLS)/golangci-lint run ./...
	$(TOOLS)/golangci-lint run --build-tags emulator,cdk,aws,tour ./shared/... ./functions/... ./infra/aws/... ./infra/local/outside/...
	$(TOOLS)/golangci-lint run --build-tags datafolder,tour,traces,clients,browser ./infra/local/outside/... ./infra/local/browser ./functions/

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

generate: ## Make the Go code of the templates again
	$(GO) run github.com/a-h/templ/cmd/templ@$(TEMPL_VERSION) generate

AXE_VERSION := 4.14.1
LUCIDE_VERSION := 1.62.0

icons: $(TOOLS)/lucide-$(LUCIDE_VERSION)/package.json ## Make the portal's icons again from the list functions/pages/kit/icons.txt; needs npm
	cd functions/pages/kit && $(GO) run ./sprite -from $(TOOLS)/lucide-$(LUCIDE_VERSION)/icons

$(TOOLS)/lucide-$(LUCIDE_VERSION)/package.json:
	mkdir -p $(@D) && cd $(@D) && npm pack --silent lucide-static@$(LUCIDE_VERSION) && tar xzf lucide-static-$(LUCIDE_VERSION).tgz --strip-components 1

golden: ## Write every golden file again: the API's document, costs, events, mails, and the templates, which need Node
	$(GO) test ./functions/catalog ./shared/mail/outgoing -update
	$(GO) test -tags cdk ./infra/aws/stacks -update

test-browser: $(TOOLS)/axe-$(AXE_VERSION)/axe.min.js ## Test the portal with Chromium, which must be installed; needs npm
	TENANTRY_AXE=$(TOOLS)/axe-$(AXE_VERSION)/axe.min.js $(GO) test -count=1 -timeout 25m -tags browser ./infra/local/browser

$(TOOLS)/axe-$(AXE_VERSION)/axe.min.js:
	mkdir -p $(@D) && cd $(@D) && npm pack --silent axe-core@$(AXE_VERSION) && tar xzf axe-core-$(AXE_VERSION).tgz --strip-components 1

bench: ## Print the figures, as ratios within one run; docs/benchmarks.md keeps them
	$(GO) run ./infra/local/bench
	$(GO) run ./infra/aws/bench
	TENANTRY_TOOLS=$(TOOLS) shared/store/emulators.sh ./functions/catalog -timeout 30m -run - -bench Call

bench-short: ## Run all of it with little data, to see that it works; the figures mean nothing
	$(GO) run ./infra/local/bench -short
	$(GO) run ./infra/aws/bench -rounds 2 -limit 5m
	TENANTRY_TOOLS=$(TOOLS) shared/store/emulators.sh ./functions/catalog -timeout 10m -run - -bench Call -benchtime 2x

bench-against: ## Measure against the program of another commit, in one run: make bench-against COMMIT=cedae5c
	@test -n "$(COMMIT)" || { echo "Against which commit? Say: make bench-against COMMIT=cedae5c"; exit 1; }
	rm -rf build/against && mkdir -p build/against/source
	git archive $(COMMIT) | tar -x -C build/against/source
	cd build/against/source && $(GO) build -trimpath -ldflags='-s -w' -o ../tenantry-$(COMMIT) ./infra/local
	rm -rf build/against/source
	$(GO) run ./infra/local/bench -index=false -cases 100000 -rounds 5 -against build/against/tenantry-$(COMMIT)

build-lambda: ## Build the program of AWS Lambda, for its two kinds of machines, into ./build
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO) build -tags "$(LAMBDA_TAGS)" -trimpath -ldflags='-s -w' -o build/lambda-arm64/bootstrap ./functions
	GOOS=linux GOARCH=amd64 CGO_ENABLED=0 $(GO) build -tags "$(LAMBDA_TAGS)" -trimpath -ldflags='-s -w' -o build/lambda-amd64/bootstrap ./functions

# cdk.json has the CDK build the program first, and names the app and the folder of the templates.
synth: $(CDK) ## Make the CloudFormation templates in ./build/cdk.out, with the settings in CONTEXT
	rm -rf $(CDK_OUT)
	$(CDK) synth --quiet $(CONTEXT)

bootstrap: $(CDK) ## Prepare the AWS account of your credentials and the region in AWS_REGION, once
	@test -n "$$AWS_REGION" || { echo "Which region? Say: export AWS_REGION=eu-central-1"; exit 1; }
	account=$$(aws sts get-caller-identity --query Account --output text) && $(CDK) bootstrap aws://$$account/$$AWS_REGION

diff: $(CDK) ## Show what a deployment would change
	$(CDK) diff $(CONTEXT)

deploy: $(CDK) ## Put Tenantry into the AWS account of your credentials, or bring it up to date
	$(CDK) deploy --all --concurrency 4 $(CONTEXT) $(CDK_FLAGS)

destroy: synth ## Take Tenantry out of the account, except for its data
	@if [ ! -f "$(CDK_OUT)/$(CONFIRM)-data.template.json" ]; then \
		echo "This removes everything but the tables, the files and the installation's secret. What waits on the queues is lost."; \
		echo "If you mean it, say the name of the deployment: make destroy CONFIRM=tenantry (and the same CONTEXT as ever)."; \
		echo "docs/aws.md says how to remove the data, too."; exit 1; fi
	$(CDK) destroy --app $(CDK_OUT) $(CDK_FLAGS) $$(ls $(CDK_OUT) | sed -n 's/\.template\.json$$//p' | grep -v -e '-data$$' -e '-tables$$')

aws-local: ## Bring the stacks up in an emulated AWS on this machine, until Ctrl-C; needs Python and Node
	$(GO) run ./infra/aws/emulated

invoke: ## Call one function with its sample event in an emulated AWS, as in F=cases.list; EVENT names another event's file
	@test -n "$(F)" || { echo "Which function? Say: make invoke F=cases.list (events/ has a file for each)"; exit 1; }
	$(GO) run ./infra/aws/emulated -http 127.0.0.1:0 -smtp 127.0.0.1:0 -invoke $(F) $(if $(EVENT),-event $(EVENT))

test-aws: ## Test the stacks from outside, in an emulated AWS on this machine; needs Python and Node
	$(GO) test -count=1 -timeout 30m -tags aws ./infra/local/outside
	# The main job at the other spreads, and with the mappings of a domain in place of CloudFront.
	TENANTRY_OUTSIDE_CONTEXT=granularity=rights $(GO) test -count=1 -timeout 30m -tags aws -run TestTheMainJob ./infra/local/outside
	TENANTRY_OUTSIDE_CONTEXT='granularity=domain customDomain=portal.example.com certificateArn=arn:aws:acm:eu-central-1:111122223333:certificate/0' \
		$(GO) test -count=1 -timeout 30m -tags aws -run TestTheMainJob ./infra/local/outside

test-cdk: $(CFN_LINT) ## Test the templates, which needs Node, and check them with cfn-lint, which needs Python
	$(GO) test -tags cdk ./infra/aws ./infra/aws/settings ./infra/aws/rights ./infra/aws/stacks
	# W3005: the kit writes dependencies that CloudFormation would find by itself.
	$(CFN_LINT) --regions us-east-1 --ignore-checks W3005 -- infra/aws/testdata/*.template.json infra/aws/testdata/*/*.template.json

$(CDK):
	npm install --no-fund --no-audit --loglevel=error --prefix $(TOOLS)/cdk-$(CDK_VERSION) aws-cdk@$(CDK_VERSION)

$(CFN_LINT):
	python3 -m venv $(TOOLS)/cfn-lint-$(CFN_LINT_VERSION)
	$(TOOLS)/cfn-lint-$(CFN_LINT_VERSION)/bin/pip install --quiet --disable-pip-version-check cfn-lint==$(CFN_LINT_VERSION)
