# Everything here needs Go alone, except test-all, which installs what else it needs below .tools.
GO ?= go
TOOLS := $(CURDIR)/.tools
LINT_VERSION := v2.15.0
TEMPL_VERSION := v0.3.1001

.PHONY: run build test test-all race lint generate bench

run: ## Run Tenantry on this machine, with everything it keeps in ./data
	$(GO) run ./infra/local

build: ## Build the program into ./bin/tenantry
	$(GO) build -trimpath -ldflags='-s -w' -o bin/tenantry ./infra/local

test: ## Run the tests that need Go alone
	$(GO) test ./...

race: ## The same with the race detector
	$(GO) test -race ./...

test-all: ## Lint, all tests with the race detector, the tour, and the table on two emulators of DynamoDB
	$(MAKE) lint
	$(MAKE) race
	$(GO) test -tags tour ./infra/local/outside -run Tour
	TENANTRY_TOOLS=$(TOOLS) shared/table/dynamo/emulators.sh

lint: $(TOOLS)/golangci-lint ## Check the code
	$(TOOLS)/golangci-lint run ./...

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

generate: ## Make the Go code of the templates again
	$(GO) run github.com/a-h/templ/cmd/templ@$(TEMPL_VERSION) generate

bench: ## Print the figures, as ratios within one run
	$(GO) run ./infra/local/bench
