output "id" {
  description = "Id of the cluster (string)."
  value       = folder_cluster.this.id
}

output "endpoint" {
  description = "URL of its API (string). After any change of the cluster it is known only once that is applied."
  value       = folder_cluster.this.endpoint
}

output "network_cidr" {
  description = "Addresses of the network that it is in (string)."
  value       = folder_cluster.this.network_cidr
}
