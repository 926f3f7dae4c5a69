package main

import (
	"context"

	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/metrics"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/runtime"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/dapr/pkg/security"
	"github.com/dapr/kit/concurrency"
)

// runSidecar serves until the context ends, or until something without which it is of no use fails.
func runSidecar(ctx context.Context, flags *options.Options) error {
	health := healthz.New()
	identity, err := security.New(ctx, securityOptions(flags, health))
	if err != nil {
		return err
	}
	serve := func(ctx context.Context) error {
		handler, err := identity.Handler(ctx)
		if err != nil {
			return err
		}
		sidecar, err := runtime.FromConfig(ctx, runtimeConfig(flags, handler, health))
		if err != nil {
			return err
		}
		return sidecar.Run(ctx)
	}
	return concurrency.NewRunnerManager(identity.Run, serve).Run(ctx)
}

func securityOptions(flags *options.Options, health healthz.Healthz) security.Options {
	return security.Options{
		SentryAddress:           flags.SentryAddress,
		ControlPlaneTrustDomain: flags.ControlPlaneTrustDomain,
		ControlPlaneNamespace:   flags.ControlPlaneNamespace,
		TrustAnchors:            flags.TrustAnchors,
		AppID:                   flags.AppID,
		MTLSEnabled:             flags.EnableMTLS,
		Mode:                    modes.DaprMode(flags.Mode),
		Healthz:                 health,
	}
}

func runtimeConfig(flags *options.Options, handler security.Handler, health healthz.Healthz) *runtime.Config {
	return &runtime.Config{
		AppID:                         flags.AppID,
		ActorsService:                 flags.ActorsService,
		RemindersService:              flags.RemindersService,
		SchedulerAddress:              flags.SchedulerAddress,
		AllowedOrigins:                flags.AllowedOrigins,
		ResourcesPath:                 flags.ResourcesPath,
		ControlPlaneAddress:           flags.ControlPlaneAddress,
		AppProtocol:                   flags.AppProtocol,
		Mode:                          flags.Mode,
		DaprHTTPPort:                  flags.DaprHTTPPort,
		DaprInternalGRPCPort:          flags.DaprInternalGRPCPort,
		DaprInternalGRPCListenAddress: flags.DaprInternalGRPCListenAddress,
		DaprAPIGRPCPort:               flags.DaprAPIGRPCPort,
		DaprAPIListenAddresses:        flags.DaprAPIListenAddresses,
		DaprPublicPort:                flags.DaprPublicPort,
		DaprPublicListenAddress:       flags.DaprPublicListenAddress,
		ApplicationPort:               flags.AppPort,
		ProfilePort:                   flags.ProfilePort,
		EnableProfiling:               flags.EnableProfiling,
		AppMaxConcurrency:             flags.AppMaxConcurrency,
		EnableMTLS:                    flags.EnableMTLS,
		SentryAddress:                 flags.SentryAddress,
		MaxRequestSize:                flags.MaxRequestSize,
		ReadBufferSize:                flags.ReadBufferSize,
		UnixDomainSocket:              flags.UnixDomainSocket,
		DaprGracefulShutdownSeconds:   flags.DaprGracefulShutdownSeconds,
		DaprBlockShutdownDuration:     flags.DaprBlockShutdownDuration,
		DisableBuiltinK8sSecretStore:  flags.DisableBuiltinK8sSecretStore,
		EnableAppHealthCheck:          flags.EnableAppHealthCheck,
		AppHealthCheckPath:            flags.AppHealthCheckPath,
		AppHealthProbeInterval:        flags.AppHealthProbeInterval,
		AppHealthProbeTimeout:         flags.AppHealthProbeTimeout,
		AppHealthThreshold:            flags.AppHealthThreshold,
		AppChannelAddress:             flags.AppChannelAddress,
		EnableAPILogging:              flags.EnableAPILogging,
		Config:                        flags.Config,
		ComponentsPath:                flags.ComponentsPath,
		AppSSL:                        flags.AppSSL,
		Metrics:                       metricsOptions(flags, health),
		Registry:                      registry.NewOptions(),
		Security:                      handler,
		Healthz:                       health,
	}
}

func metricsOptions(flags *options.Options, health healthz.Healthz) metrics.Options {
	return metrics.Options{
		Enabled:   flags.Metrics.Enabled(),
		Log:       log,
		Port:      flags.Metrics.Port(),
		Namespace: metrics.DefaultMetricNamespace,
		Healthz:   health,
	}
}
