output "id" {
  description = "Id of the network (string)."
  value       = folder_network.this.id
}

output "cidr" {
  description = "Its addresses (string)."
  value       = folder_network.this.cidr
}

output "subnets" {
  description = "Its parts (list of strings)."
  value       = folder_network.this.subnets
}
