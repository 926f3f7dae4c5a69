// Command daprd is the Dapr sidecar with the one message broker that the tests need, Redis Streams, and none of the
// hundred components that make the official program slow to build. Its flags are those of the official one.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
)

var log = logger.NewLogger("dapr.runtime")

func main() {
	flags, err := options.New(os.Args[1:])
	if err != nil {
		log.Fatalf("Cannot read the flags: %s", err)
	}
	if flags.RuntimeVersion {
		fmt.Println(daprVersion())
		return
	}
	if err := start(signals.Context(), flags); err != nil {
		log.Fatalf("The sidecar ended: %s", err)
	}
}

func start(ctx context.Context, flags *options.Options) error {
	flags.Logger.SetAppID(flags.AppID)
	if err := logger.ApplyOptionsToLoggers(&flags.Logger); err != nil {
		return err
	}
	registerComponents()
	return runSidecar(ctx, flags)
}
