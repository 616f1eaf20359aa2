// Package stacks makes the stacks of a deployment: what keeps data, the queues, mail, the API, the
// functions of each domain, and what watches over them. It reads the settings and the catalog, and
// decides nothing else about the product.
//
// Resources have names of their own, and the stacks know each other's by these names; only what AWS
// names itself (the API's id, the secret's ARN, the stream's ARN) is handed on as a value.
package stacks
