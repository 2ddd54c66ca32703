locals {
  name = "${var.tenant}-${var.environment}-${var.stage}"
}

resource "folder_app" "this" {
  name             = local.name
  region           = var.region
  image            = var.image
  replicas         = var.replicas
  cluster_endpoint = var.cluster_endpoint
  allow_from       = var.allow_from
}
