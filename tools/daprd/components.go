package main

import (
	"github.com/dapr/components-contrib/pubsub/in-memory"
	"github.com/dapr/components-contrib/pubsub/redis"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	"github.com/dapr/dapr/pkg/components/pubsub"
	"github.com/dapr/kit/logger"
)

func registerComponents() {
	pubsub.DefaultRegistry.Logger = logger.NewLogger("dapr.contrib")
	pubsub.DefaultRegistry.RegisterComponent(redis.NewRedisStreams, "redis")
	pubsub.DefaultRegistry.RegisterComponent(inmemory.New, "in-memory")
	nameresolution.DefaultRegistry.RegisterComponent(newSilentResolver, "mdns")
}
