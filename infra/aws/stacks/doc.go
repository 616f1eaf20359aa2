// Package stacks creates the stacks of a deployment: data, queues, mail, the API, the functions of
// each domain, and monitoring. It reads the settings and the catalog and decides nothing else about
// the product.
//
// Resources have fixed names, and the stacks refer to each other's resources by these names. Only
// what AWS names itself (the API's id, the secret's ARN, the stream's ARN) is passed on as a value.
package stacks
