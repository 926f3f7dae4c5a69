package main

import (
	"runtime/debug"
	"strings"
)

const daprModule = "github.com/dapr/dapr"

// daprVersion tells which release of Dapr this program was built from, as "1.14.0".
func daprVersion() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, dependency := range build.Deps {
		if dependency.Path == daprModule {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	return "unknown"
}
