locals {
  name = "${var.tenant}-${var.environment}-${var.stage}"
}

resource "folder_cluster" "this" {
  name          = local.name
  region        = var.region
  version       = var.cluster_version
  size          = var.size
  network_cidr  = var.network_cidr
  endpoint_mode = var.endpoint_mode
}
